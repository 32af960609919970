"""The keys of the grids a run can use; nothing heavy is imported to check one."""

from difflib import get_close_matches

from entropice.errors import GridError

H3_LEVELS = range(3, 7)
HEALPIX_LEVELS = range(6, 11)

GRID_KEYS = tuple(f"h3_{level}" for level in H3_LEVELS) + tuple(f"healpix_{level}" for level in HEALPIX_LEVELS)
"""Every valid key, coarsest first within each grid."""


def check_grid_key(key: str) -> None:
    """Pass only a valid key.

    Raises
    ------
    GridError
        There is no such grid; names the valid keys and the nearest one.
    """
    if key not in GRID_KEYS:
        nearest = get_close_matches(str(key), GRID_KEYS, n=1, cutoff=0.0)[0]
        raise GridError(
            f"There is no grid {key!r}.",
            field="grid",
            got=key,
            expected=", ".join(GRID_KEYS),
            fix=f"set grid to one of these; the nearest is {nearest}",
        )
