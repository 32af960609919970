"""A window of a season, and what its pixels are made of."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from entropice.imagery.uniform_hash import uniform_of
from entropice.types import Float32Array, IntArray
from entropice.virtual_lakes.materials import LAKE_MATERIALS, MATERIALS
from entropice.virtual_lakes.season import Season
from entropice.virtual_scenes.hashing import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    T = TypeVar("T", bound=np.generic)
    Field = NDArray[T]
else:
    Field = Any


@dataclass(frozen=True, eq=False)
class View:
    """Some rows and columns of a season, whole pixels of the coarsest bands."""

    season: Season
    seed: int
    rows: slice
    columns: slice

    def of(self, field: "Field[T]") -> "Field[T]":
        """Its part of a field."""
        return field[self.rows, self.columns]

    def coordinates(self, px: int) -> tuple[IntArray, IntArray]:
        """Rows and columns of the region in pixels `px` times as wide."""
        rows, columns = (np.arange(part.start // px, part.stop // px) for part in (self.rows, self.columns))
        return rows, columns

    def key(self, topic: str, *numbers: int) -> np.uint64:
        """Stands for a topic of this region and year."""
        return stream(self.seed, topic, self.season.ground.region.number, self.season.year, *numbers)

    def chance(self, topic: str) -> float:
        """A number in [0, 1) of this region and year."""
        return uniform_of(self.seed, topic, self.season.ground.region.number, self.season.year)

    @cached_property
    def shares(self) -> list[Float32Array]:
        """Share of each pixel that is of each of `MATERIALS`, as seen from above."""
        water = [self.of(self.season.water[name]) for name in LAKE_MATERIALS]
        rest = np.maximum(1 - water[0] - water[1] - water[2], 0)
        land = []
        for material in MATERIALS[-len(water) - 1 : 0 : -1]:
            land.append(rest * self.of(self.season.covers[material.name]))
            rest = rest - land[-1]
        return [rest, *land[::-1], *water]
