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
        """Its part of a field (row, column) of the region."""
        return field[self.rows, self.columns]

    def coordinates(self, px: int) -> tuple[IntArray, IntArray]:
        """Rows and columns of the region in pixels `px` times as wide.

        int64 (n,) and (m,), the whole numbers from start // `px` to before stop // `px`, from the region's upper left
        corner, so that windows agree on the number of a pixel.
        """
        rows, columns = (np.arange(part.start // px, part.stop // px) for part in (self.rows, self.columns))
        return rows, columns

    def key(self, topic: str, *numbers: int) -> np.uint64:
        """Stands for a topic of this region and year: `stream` of seed, topic, both numbers and those given.

        It is `entropice.virtual_scenes.hashing.stream` (seed, topic, number of the region from 0, year, then
        `numbers`), in this order.
        """
        return stream(self.seed, topic, self.season.ground.region.number, self.season.year, *numbers)

    def chance(self, topic: str) -> float:
        """A number in [0, 1) of this region and year.

        It is `entropice.imagery.uniform_hash.uniform_of` (seed, topic, number of the region from 0, year), always the
        same for these.
        """
        return uniform_of(self.seed, topic, self.season.ground.region.number, self.season.year)

    @cached_property
    def shares(self) -> list[Float32Array]:
        """Share of each pixel that is of each of `MATERIALS`, as seen from above.

        In their order, float32 (row, column) each; they sum to 1 in every pixel but for rounding. Lakes cover the land;
        of the land each material, from snow down, covers its share of what those above it leave, and rock is the rest.
        """
        water = [self.of(self.season.water[name]) for name in LAKE_MATERIALS]
        rest = np.maximum(1 - water[0] - water[1] - water[2], 0)
        land = []
        # From the top down: snow first, rock, which is what is left, last.
        for material in MATERIALS[-len(water) - 1 : 0 : -1]:
            land.append(rest * self.of(self.season.covers[material.name]))
            rest = rest - land[-1]
        return [rest, *land[::-1], *water]
