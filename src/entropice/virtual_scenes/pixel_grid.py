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
        """The same pixels, moved.

        By so many metres towards larger x and larger y.
        """
        return PixelGrid(self.x_m + x_m, self.y_m + y_m, self.pixel_m)

    def part(self, rows: slice, columns: slice) -> "PixelGrid":
        """Some of its rows and columns, by slices of their positions; an empty one is allowed."""
        return PixelGrid(self.x_m[columns], self.y_m[rows], self.pixel_m)

    def around(self, x_m: float, y_m: float, reach_m: float) -> tuple[slice, slice]:
        """Rows and columns of the centres within a reach along both axes; empty where there are none.

        Centres at the left and the upper end of the reach are within, at the right and the lower end they are not.

        Examples
        --------
        >>> grid = pixel_grid(Place(left_m=0.0, top_m=20.0, pixel_m=10.0, n_pixels=2, year=2020), margin_px=0)
        >>> grid.x_m.tolist(), grid.y_m.tolist()
        ([5.0, 15.0], [15.0, 5.0])
        >>> grid.around(10.0, 10.0, 5.0), grid.part(*grid.around(10.0, 10.0, 6.0)).shape
        ((slice(0, 1, None), slice(0, 1, None)), (2, 2))
        """
        left, right = np.searchsorted(self.x_m, [x_m - reach_m, x_m + reach_m])
        top, bottom = np.searchsorted(-self.y_m, [-y_m - reach_m, -y_m + reach_m])
        return slice(int(top), int(bottom)), slice(int(left), int(right))


def pixel_grid(place: Place, margin_px: int) -> PixelGrid:
    """The pixels of a place, and more of them on all sides.

    Centres are rounded to 1/1024 m. There are n_pixels + 2 · margin_px rows and columns.
    """
    steps = (np.arange(-margin_px, place.n_pixels + margin_px) + 0.5) * place.pixel_m
    x_m, y_m = (np.round(centres * _PER_METRE) / _PER_METRE for centres in (place.left_m + steps, place.top_m - steps))
    return PixelGrid(x_m, y_m, place.pixel_m)
