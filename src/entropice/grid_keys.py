"""The grid systems and the keys of the grids a run can use; nothing heavy is imported to check one."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from entropice.errors import GridError


@dataclass(frozen=True)
class GridSystem:
    """A discrete global grid that divides every cell into the same number of cells of the next level.

    Attributes
    ----------
    name
        First part of its keys.
    levels
        Those a run can use.
    n_base_cells, n_children, n_pentagons
        ``n_pentagons + (n_base_cells - n_pentagons) n_children^level`` cells cover the Earth at a level, where
        `n_pentagons` of any level are left over by the division.
    block_level
        Level whose cells are about 300 km wide: the spatial blocks of validation, where nothing else is configured.
    """

    name: str
    levels: range
    n_base_cells: int
    n_children: int
    block_level: int
    n_pentagons: int = 0

    def n_cells_of_earth(self, level: int) -> int:
        """Number of cells of a level.

        Of any level, also one that runs do not use: 2 + 120 · 7^level of H3, 12 · 4^level of HEALPix.

        Examples
        --------
        >>> [system.n_cells_of_earth(1) for system in GRID_SYSTEMS]
        [842, 48]
        """
        n_cells: int = self.n_pentagons + (self.n_base_cells - self.n_pentagons) * self.n_children**level
        return n_cells


GRID_SYSTEMS: Final = (
    GridSystem("h3", range(3, 7), n_base_cells=122, n_children=7, block_level=2, n_pentagons=2),
    GridSystem("healpix", range(6, 11), n_base_cells=12, n_children=4, block_level=4),
)

GRID_KEYS: Final = tuple(f"{system.name}_{level}" for system in GRID_SYSTEMS for level in system.levels)
"""Every valid key, coarsest first within each grid."""


def n_cells_of_earth(key: str) -> int:
    """Number of cells of a grid.

    The key is one that `check_grid_key` passes, which is not looked at here.

    Examples
    --------
    >>> n_cells_of_earth("h3_3"), n_cells_of_earth("healpix_6")
    (41162, 49152)
    """
    name, level = key.split("_")
    return next(system for system in GRID_SYSTEMS if system.name == name).n_cells_of_earth(int(level))


def check_grid_key(key: str) -> None:
    """Pass only a valid key.

    Raises
    ------
    GridError
        There is no such grid; names the valid keys and the nearest one.

    Examples
    --------
    >>> check_grid_key("h3_4")
    >>> check_grid_key("h3_9")
    Traceback (most recent call last):
    entropice.errors.GridError: There is no grid 'h3_9'.
    ...
    """
    if key not in GRID_KEYS:
        # Without a cutoff there is always a nearest one.
        nearest = get_close_matches(str(key), GRID_KEYS, n=1, cutoff=0.0)[0]
        raise GridError(
            f"There is no grid {key!r}.",
            field="grid",
            got=key,
            expected=", ".join(GRID_KEYS),
            fix=f"set grid to one of these; the nearest is {nearest}",
        )
