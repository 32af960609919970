"""Work cut into tiles before any of it is done, and what the tiles have yielded."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = Mapping[str, "NDArray[np.generic]"]
else:
    Arrays = Any

_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class Tile:
    """One piece of work.

    Attributes
    ----------
    key
        Unique in its plan, and the stem of a file name: lower-case letters, digits, and ``_.-`` after the first.
    task
        Says what to do, in few bytes: it travels to a worker.
    n_values
        Pixels × bands that are read.
    n_bytes
        Memory that the work takes at its peak.
    """

    key: str
    task: Any
    n_values: int
    n_bytes: int


@dataclass(frozen=True)
class TilePlan:
    """Every tile of a work, in the order in which results are added up.

    Attributes
    ----------
    what
        What is being done, for the progress bar.
    reduce
        A module's function of ``shared`` and a tile's ``task``: named arrays, small beside what it reads. Equal
        arguments give equal bytes, wherever it runs.
    shared
        What every tile needs; sent to each worker once.
    tiles
        Fixed by the inputs and parameters alone, never by memory or workers.
    smaller_by
        What a user can do to make the tiles smaller.

    Raises
    ------
    ValueError
        Keys that occur twice or cannot be file names.
    """

    what: str
    reduce: Callable[[Any, Any], Arrays]
    shared: Any
    tiles: tuple[Tile, ...]
    smaller_by: str = "lower the size of this source's tiles"

    def __post_init__(self) -> None:
        counts = Counter(tile.key for tile in self.tiles)
        wrong = [key for key, count in counts.items() if count > 1 or not _KEY.fullmatch(key)]
        if wrong:
            raise ValueError(f"tile keys that occur twice or cannot be file names: {wrong[:5]}")

    @property
    def n_values(self) -> int:
        """Pixels × bands that all tiles read."""
        return sum(tile.n_values for tile in self.tiles)


@dataclass(frozen=True)
class TileResults:
    """What a plan's tiles have yielded, in the plan's order, one in memory at a time.

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
