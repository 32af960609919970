"""Tile plans: units of work known before any is executed, and their results."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = Mapping[str, "NDArray[np.generic]"]
else:
    Arrays = Any

Result = TypeVar("Result")

_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class Tile:
    """One unit of work.

    Attributes
    ----------
    key
        Unique in its plan, and the stem of a file name: lower-case letters, digits, and ``_.-`` after the first.
    task
        Argument of `Plan.reduce`; sent to a worker, so it is small.
    n_values
        Number of values read: pixels × bands.
    n_bytes
        Peak memory of the work.
    """

    key: str
    task: Any
    n_values: int
    n_bytes: int


@dataclass(frozen=True)
class Plan(Generic[Result]):
    """All tiles of a computation, in the order in which results are added up.

    Attributes
    ----------
    what
        Name of the computation, for the progress bar.
    reduce
        Module-level function of ``shared`` and a tile's ``task``; what it returns is small against its input. Equal
        arguments give equal bytes in any process.
    shared
        Argument common to all tiles; sent to each worker once.
    tiles
        Determined by inputs and parameters alone, never by memory or workers.
    smaller_by
        Advice for messages: how to make the tiles smaller.
    unit
        What a tile is called in messages.
    after_failure
        What messages say of the tiles that were finished before one failed.

    Raises
    ------
    ValueError
        A key occurs twice or cannot be a file name.
    """

    what: str
    reduce: Callable[[Any, Any], Result]
    shared: Any
    tiles: tuple[Tile, ...]
    smaller_by: str = "lower the size of this source's tiles"
    unit: str = "tile"
    after_failure: str = "Finished tiles are kept: the same command goes on from here"

    def __post_init__(self) -> None:
        counts = Counter(tile.key for tile in self.tiles)
        wrong = [key for key, count in counts.items() if count > 1 or not _KEY.fullmatch(key)]
        if wrong:
            raise ValueError(f"tile keys that occur twice or cannot be file names: {wrong[:5]}")

    @property
    def n_values(self) -> int:
        """Number of values read by all tiles: pixels × bands."""
        return sum(tile.n_values for tile in self.tiles)


TilePlan = Plan[Arrays]
"""A plan whose tiles yield named arrays, which can be kept in files."""


@dataclass(frozen=True)
class TileResults:
    """Results of a plan's tiles, in the plan's order, loaded one at a time.

    Iterating yields the arrays of each tile, by name; they are loaded anew each time.

    Attributes
    ----------
    keys
        Keys of the tiles.
    load
        The arrays of a tile.
    """

    keys: tuple[str, ...]
    load: Callable[[str], Arrays]

    def __iter__(self) -> Iterator[Arrays]:
        return map(self.load, self.keys)
