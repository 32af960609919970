"""Where the region is sea, and how far from coasts."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage

from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_ice.random_fields import gaussian_fields, generator
from entropice.virtual_ice.specification import IceRegion

_OUTER_LAND = 2.0
"""How much likelier land is at the region's corners than in its middle, in standard deviations of the coast's field."""


@dataclass(frozen=True, eq=False)
class Geography:
    """The ground under the ice.

    Attributes
    ----------
    sea
        Whether a pixel is sea, shape (row, column), row 0 in the north.
    room
        How far coasts let the ice drift freely: 0 on land and beyond the region's edges, towards 1 far from both.
    """

    sea: BoolArray
    room: FloatArray

    def filled(self, values: FloatArray) -> FloatArray:
        """A field (row, column) with the value of the nearest sea on land.

        Shape and dtype stay; which of equally near pixels counts is SciPy's choice.
        """
        filled: FloatArray = values[self._nearest_sea]
        return filled

    @cached_property
    def _nearest_sea(self) -> tuple[IntArray, ...]:
        return tuple(ndimage.distance_transform_edt(~self.sea, return_distances=False, return_indices=True))


def geography(region: IceRegion, coast_m: float, seed: int) -> Geography:
    """Land of a world, mostly towards the corners, and the room that it leaves.

    Land is the highest `land_share` of the pixels of one of `gaussian_fields` of `coast_scale_m`, by `generator` (seed,
    ``"coasts"``), to which 2 (x² + y²) is added, x and y from −1 to 1 over the region. Distances are between centres of
    pixels, beyond the edges too.

    Notes
    -----
    `room` is 1 − exp(−(d / `coast_m`)²) of the distance d to the nearest land or edge.
    """
    sea = _sea(region, seed)
    distance_px = ndimage.distance_transform_edt(np.pad(sea, 1))[1:-1, 1:-1]
    return Geography(sea, 1 - np.exp(-((distance_px * region.pixel_m / coast_m) ** 2)))


def _sea(region: IceRegion, seed: int) -> BoolArray:
    coasts = gaussian_fields(generator(seed, "coasts"), 1, region.n_pixels, region.coast_scale_m / region.pixel_m)[0]
    steps = np.linspace(-1, 1, region.n_pixels)
    coasts += _OUTER_LAND * (steps[:, None] ** 2 + steps[None, :] ** 2)
    sea: BoolArray = coasts <= np.quantile(coasts, 1 - region.land_share)
    return sea
