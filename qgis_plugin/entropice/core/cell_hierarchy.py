"""Grids nest: from the number of a cell follow those of its ancestors, by whole-number arithmetic alone.

H3: https://h3geo.org/docs/core-library/h3Indexing (level in bits 52 to 55, three bits a digit, 7 where one is unused).
HEALPix in NESTED order: Górski et al. 2005, https://doi.org/10.1086/427976 (two bits a level).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

_H3_LEVEL_BIT = 52
_H3_LEVEL_MASK = 0b1111 << _H3_LEVEL_BIT
_H3_FINEST_LEVEL = 15
_H3_BITS_PER_DIGIT = 3
_HEALPIX_BITS_PER_LEVEL = 2


@dataclass(frozen=True)
class Grid:
    """A grid by name (``h3``, ``healpix`` or another) and level, a higher level having smaller cells."""

    name: str
    level: int

    def nests_in(self, coarser: Grid) -> bool:
        """Whether the ids of this grid's cells tell their ancestors in the other.

        A grid nests in itself; grids of two names do not, nor do such as are neither H3 nor HEALPix.

        Examples
        --------
        >>> Grid("h3", 4).nests_in(Grid("h3", 3)), Grid("h3", 3).nests_in(Grid("h3", 4))
        (True, False)
        """
        return self.name == coarser.name and self.name in _PARENTS and coarser.level <= self.level

    def parent(self, cell_id: int, level: int) -> int:
        """The ancestor of a cell at a level from 0 to this grid's, which is the cell itself at this grid's level.

        H3 (a whole number of 64 bits): the level in bits 52 to 55 becomes `level`, and all digits below it 7. HEALPix
        in NESTED order: the parent of n is n >> 2 (own level − `level`).

        The number is not checked: it has to be one of a cell of this grid's level.

        Raises
        ------
        KeyError
            The grid is neither H3 nor HEALPix.

        Examples
        --------
        >>> [Grid("healpix", 3).parent(75, level) for level in (3, 2, 1)]
        [75, 18, 4]
        """
        return _PARENTS[self.name](cell_id, self.level, level)


def _h3_parent(cell_id: int, _own_level: int, level: int) -> int:
    unused_digits = (1 << _H3_BITS_PER_DIGIT * (_H3_FINEST_LEVEL - level)) - 1
    return cell_id & ~_H3_LEVEL_MASK | level << _H3_LEVEL_BIT | unused_digits


def _healpix_parent(cell_id: int, own_level: int, level: int) -> int:
    return cell_id >> _HEALPIX_BITS_PER_LEVEL * (own_level - level)


_PARENTS: Mapping[str, Callable[[int, int, int], int]] = {"h3": _h3_parent, "healpix": _healpix_parent}
