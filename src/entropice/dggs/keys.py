"""The grids a run can use, by key."""

from collections.abc import Callable
from typing import Final

from entropice.dggs.grid import Grid
from entropice.dggs.h3_grid import H3Grid
from entropice.grid_keys import check_grid_key


def parse_grid(key: str) -> Grid:
    """The grid whose ``key`` this is: ``h3_3`` to ``h3_6``, or ``healpix_6`` to ``healpix_10``.

    Raises
    ------
    GridError
        No such key: names the valid keys and the nearest one.

    Examples
    --------
    >>> parse_grid("h3_5")
    H3Grid(level=5)
    >>> parse_grid("h3_9")
    Traceback (most recent call last):
        ...
    entropice.errors.GridError: There is no grid 'h3_9'...
    """
    check_grid_key(key)
    name, level = key.rsplit("_", 1)
    return _MAKERS[name](int(level))


def _healpix(level: int) -> Grid:
    """Imported where it is asked for: healpy takes a second, for it imports astropy and matplotlib."""
    from entropice.dggs.healpix_grid import HealpixGrid

    return HealpixGrid(level)


_MAKERS: Final[dict[str, Callable[[int], Grid]]] = {"h3": H3Grid, "healpix": _healpix}
