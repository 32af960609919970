"""The grids a run can use, by key."""

from entropice.dggs.grid import Grid
from entropice.dggs.h3_grid import H3Grid
from entropice.dggs.healpix_grid import HealpixGrid
from entropice.grid_keys import H3_LEVELS, HEALPIX_LEVELS, check_grid_key

_GRIDS: dict[str, Grid] = {grid.key: grid for grid in map(H3Grid, H3_LEVELS)} | {
    grid.key: grid for grid in map(HealpixGrid, HEALPIX_LEVELS)
}


def parse_grid(key: str) -> Grid:
    """The grid whose ``key`` this is; raises GridError that names the valid keys and the nearest one."""
    check_grid_key(key)
    return _GRIDS[key]
