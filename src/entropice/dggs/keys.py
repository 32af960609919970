"""The grids a run can use, by key."""

from difflib import get_close_matches

from entropice.dggs.grid import Grid
from entropice.dggs.h3_grid import H3Grid
from entropice.dggs.healpix_grid import HealpixGrid
from entropice.errors import GridError

H3_LEVELS = range(3, 7)
HEALPIX_LEVELS = range(6, 11)

_GRIDS: dict[str, Grid] = {grid.key: grid for grid in map(H3Grid, H3_LEVELS)} | {
    grid.key: grid for grid in map(HealpixGrid, HEALPIX_LEVELS)
}

GRID_KEYS = tuple(_GRIDS)
"""Every valid key, coarsest first within each grid."""


def parse_grid(key: str) -> Grid:
    """The grid whose ``key`` this is; raises GridError that names the valid keys and the nearest one."""
    if key not in _GRIDS:
        nearest = get_close_matches(str(key), GRID_KEYS, n=1, cutoff=0.0)[0]
        raise GridError(
            f"There is no grid {key!r}.",
            field="grid",
            got=key,
            expected=", ".join(GRID_KEYS),
            fix=f"set grid to one of these; the nearest is {nearest}",
        )
    return _GRIDS[key]
