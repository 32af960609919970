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
    """A grid by name and level, a higher level having smaller cells."""

    name: str
    level: int

    def nests_in(self, coarser: Grid) -> bool:
        """Whether the ids of this grid's cells tell their ancestors in the other."""
        return self.name == coarser.name and self.name in _PARENTS and coarser.level <= self.level

    def parent(self, cell_id: int, level: int) -> int:
        """The ancestor of a cell at a level from 0 to this grid's, which is the cell itself at this grid's level."""
        return _PARENTS[self.name](cell_id, self.level, level)


def _h3_parent(cell_id: int, _own_level: int, level: int) -> int:
    unused_digits = (1 << _H3_BITS_PER_DIGIT * (_H3_FINEST_LEVEL - level)) - 1
    return cell_id & ~_H3_LEVEL_MASK | level << _H3_LEVEL_BIT | unused_digits


def _healpix_parent(cell_id: int, own_level: int, level: int) -> int:
    return cell_id >> _HEALPIX_BITS_PER_LEVEL * (own_level - level)


_PARENTS: Mapping[str, Callable[[int, int, int], int]] = {"h3": _h3_parent, "healpix": _healpix_parent}
