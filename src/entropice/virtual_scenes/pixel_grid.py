"""Centres of pixels, the same numbers for every place that holds them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.samples import Place
from entropice.types import FloatArray

_PER_METRE: Final = 1024
"""Centres are rounded to this part of a metre: what is left of rounding in sums differs between places."""


@dataclass(frozen=True)
class PixelGrid:
    """Centres of a rectangle of pixels in EPSG:3413.

    Attributes
    ----------
    x_m, y_m
        Of columns, ascending, and of rows, descending.
    pixel_m
        Edge of a pixel.
    """

    x_m: FloatArray
    y_m: FloatArray
    pixel_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.y_m), len(self.x_m)

    def shifted(self, x_m: float, y_m: float) -> "PixelGrid":
        """The same pixels, moved."""
        return PixelGrid(self.x_m + x_m, self.y_m + y_m, self.pixel_m)

    def part(self, rows: slice, columns: slice) -> "PixelGrid":
        """Some of its rows and columns."""
        return PixelGrid(self.x_m[columns], self.y_m[rows], self.pixel_m)

    def around(self, x_m: float, y_m: float, reach_m: float) -> tuple[slice, slice]:
        """Rows and columns of the centres nearer than a reach along both axes; empty where there are none."""
        left, right = np.searchsorted(self.x_m, [x_m - reach_m, x_m + reach_m])
        top, bottom = np.searchsorted(-self.y_m, [-y_m - reach_m, -y_m + reach_m])
        return slice(int(top), int(bottom)), slice(int(left), int(right))


def pixel_grid(place: Place, margin_px: int) -> PixelGrid:
    """The pixels of a place, and more of them on all sides."""
    steps = (np.arange(-margin_px, place.n_pixels + margin_px) + 0.5) * place.pixel_m
    x_m, y_m = (np.round(centres * _PER_METRE) / _PER_METRE for centres in (place.left_m + steps, place.top_m - steps))
    return PixelGrid(x_m, y_m, place.pixel_m)
