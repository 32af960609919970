"""Work cut into tiles before any of it is done, and what the tiles have yielded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = Mapping[str, "NDArray[np.generic]"]
else:
    Arrays = Any


@dataclass(frozen=True)
class Tile:
    """One piece of work.

    Attributes
    ----------
    key
        Unique in its plan, and the stem of a file name (``[a-z0-9_.-]+``).
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
    """

    what: str
    reduce: Callable[[Any, Any], Arrays]
    shared: Any
    tiles: tuple[Tile, ...]


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
