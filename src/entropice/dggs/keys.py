"""The grids a run can use, by key."""

from collections.abc import Callable

from entropice.dggs.grid import Grid
from entropice.dggs.h3_grid import H3Grid
from entropice.dggs.healpix_grid import HealpixGrid
from entropice.grid_keys import GRID_SYSTEMS, check_grid_key

_CLASSES: dict[str, Callable[[int], Grid]] = {"h3": H3Grid, "healpix": HealpixGrid}
_GRIDS: dict[str, Grid] = {
    grid.key: grid for system in GRID_SYSTEMS for grid in map(_CLASSES[system.name], system.levels)
}


def parse_grid(key: str) -> Grid:
    """The grid whose ``key`` this is; raises GridError that names the valid keys and the nearest one."""
    check_grid_key(key)
    return _GRIDS[key]
