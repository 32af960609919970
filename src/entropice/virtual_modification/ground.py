"""The virtual land, which does not change."""

from dataclasses import dataclass

import numpy as np

from entropice.types import BoolArray, Float32Array
from entropice.virtual_modification.specification import ModificationSpecification
from entropice.virtual_modification.surfaces import smooth_surface


@dataclass(frozen=True)
class Ground:
    """Height and land, all of one shape (row, column).

    Attributes
    ----------
    elevation_m
        float32, above the water; 0 on it.
    is_land
        Whether it lies above the water.
    suitability
        float32, factor of all growth: 1 at the shore, less the higher, 0 on water.
    """

    elevation_m: Float32Array
    is_land: BoolArray
    suitability: Float32Array


def make_ground(seed: int, specification: ModificationSpecification) -> Ground:
    """The ground of a world: hills, knolls upon them a quarter as wide, and water in the lowest places.

    Notes
    -----
    Height is `relief_m` (u + 0.3 v), u and v smooth random surfaces of the seed with mean 0 and variance 1, less its
    quantile at `water_share`: the share of the grid that lies under water.
    """
    terrain, random = specification.terrain, np.random.default_rng([seed, *b"ground"])
    scale_px = terrain.relief_scale_m / specification.pixel_m
    hills, knolls = (smooth_surface(random, specification.shape, scale_px / by) for by in (1, 4))
    height = terrain.relief_m * (hills + 0.3 * knolls)
    height -= np.quantile(height, terrain.water_share)
    return ground_of(np.maximum(height, 0).astype(np.float32), height > 0, terrain.slowing_height_m)


def ground_of(elevation_m: Float32Array, is_land: BoolArray, slowing_height_m: float) -> Ground:
    """Ground with the suitability exp(−elevation / slowing height) on land.

    Examples
    --------
    >>> elevation_m, is_land = np.array([[0.0, 100.0, 0.0]], dtype=np.float32), np.array([[True, True, False]])
    >>> ground_of(elevation_m, is_land, slowing_height_m=100.0).suitability.astype(float).round(3).tolist()
    [[1.0, 0.368, 0.0]]
    """
    suitability = np.where(is_land, np.exp(-elevation_m / np.float32(slowing_height_m)), 0).astype(np.float32)
    return Ground(elevation_m, is_land, suitability)
