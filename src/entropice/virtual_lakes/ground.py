"""What of a region stays in all years: hollows, what covers the land, and the elevation model."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.types import BoolArray, Float32Array
from entropice.virtual_lakes.hollows import Water, carved, hollows_of, levelled, under_water
from entropice.virtual_lakes.light import noon_shadow_m
from entropice.virtual_lakes.regions import Region
from entropice.virtual_lakes.relief import Relief, relief_of, steepness
from entropice.virtual_lakes.specification import PIXEL_M, Elevation, LakesSpecification
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import noise, octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid

_GLACIER_SHARE: Final = 0.08
_ERROR_M: Final = (260.0, 120.0, 50.0, 20.0)
_ERROR_EXPONENT: Final = 0.3
_ERROR_SPREAD: Final = float(np.sqrt(sum((spacing_m / _ERROR_M[0]) ** (2 * _ERROR_EXPONENT) for spacing_m in _ERROR_M)))


@dataclass(frozen=True, eq=False)
class Ground:
    """A region without its years; fields have the shape of the region.

    Attributes
    ----------
    elevation_m
        With hollows and without water.
    waters
        All lakes, by the order in which they fill.
    covers
        By material, ``plants``, ``wet ground``, ``glacier``, ``gravel`` and ``river``: share (0–1) of what lies below
        it that it covers, float32.
    mapped_m
        What the elevation model says.
    is_mapped
        Where it says anything.
    """

    region: Region
    elevation_m: Float32Array
    waters: tuple[Water, ...]
    covers: dict[str, Float32Array]
    mapped_m: Float32Array
    is_mapped: BoolArray


def ground_of(specification: LakesSpecification, region: Region, seed: int) -> Ground:
    """The ground of a region: relief, hollows carved into it, what covers it, and the elevation model.

    Notes
    -----
    The elevation model is the surface of the first year under a Gaussian of `spread_m`, plus errors (noises of 260,
    120, 50 and 20 m, mean 0) of `error_m` · (½ + slope, at most 1.5) in standard deviations, flat on lakes larger than
    `flattened_above_ha`; `void_share` of the pixels have none: those with the largest n + 2 min(s, 1.2), n a noise of
    240 m and s the slope (rise over run). Shares of covers follow from height, slope and random fields of the seed; the
    highest 8 % of the ground, unless steep, is glacier.
    """
    relief = relief_of(region, specification.mountains, seed)
    shadow_m = noon_shadow_m(specification, region, relief.elevation_m)
    hollows = hollows_of(region, relief, shadow_m, specification, seed)
    elevation_m, waters = carved(relief.elevation_m, hollows, region, specification, seed)
    slope = np.hypot(*steepness(elevation_m)).astype(np.float32)
    covers = _covers(region, relief, elevation_m, slope, waters, seed)
    mapped_m, is_mapped = _mapped(region, elevation_m, slope, waters, specification.elevation, seed)
    return Ground(region, elevation_m, waters, covers, mapped_m, is_mapped)


def _covers(
    region: Region,
    relief: Relief,
    elevation_m: Float32Array,
    slope: Float32Array,
    waters: tuple[Water, ...],
    seed: int,
) -> dict[str, Float32Array]:
    grid = region.grid
    low_m, plants_m, ice_m = np.quantile(elevation_m, [0.0, 0.6, 1 - _GLACIER_SHARE])
    patches = octaves(grid, stream(seed, "plants"), (900.0, 300.0, 100.0, 40.0), 0.6)
    lushness = float(np.interp(region.lat_deg, [50, 80], [1.0, 0.55]))
    reach = (elevation_m - low_m) / np.float32(plants_m - low_m) + 0.35 * patches
    plants = np.float32(lushness) * smooth_step(reach, 1.25, 0.35) * smooth_step(slope, 1.0, 0.4)
    moist = octaves(grid, stream(seed, "moisture"), (420.0, 160.0, 60.0), 0.7)
    wet = smooth_step(moist, 0.5, 1.1) * smooth_step(slope, 0.16, 0.06)
    ice = elevation_m + 160 * octaves(grid, stream(seed, "glaciers"), (2200.0, 700.0, 200.0), 1.0)
    glacier = smooth_step(ice, ice_m, ice_m + 40) * smooth_step(slope, 0.95, 0.6)
    on_floor = smooth_step(slope, 0.35, 0.15)
    return {
        "plants": plants,
        "wet ground": np.maximum(wet, 0.8 * _beds(waters, grid)),
        "glacier": glacier,
        "gravel": 0.85 * relief.gravel * on_floor,
        "river": relief.river * on_floor,
    }


def _beds(waters: tuple[Water, ...], grid: PixelGrid) -> Float32Array:
    """1 where there is a lake in some year."""
    beds = np.zeros(grid.shape, dtype=np.float32)
    for water in waters:
        beds[water.rows, water.columns] = 1
    return beds


def _mapped(
    region: Region,
    elevation_m: Float32Array,
    slope: Float32Array,
    waters: tuple[Water, ...],
    elevation: Elevation,
    seed: int,
) -> tuple[Float32Array, BoolArray]:
    """Heights with errors that grow with the slope, flat on large lakes of the first year; voids on steep ground."""
    grid = region.grid
    large = tuple(water for water in waters if water.hollow.area_m2[0] > 1e4 * elevation.flattened_above_ha)
    is_flattened = under_water(large, 0, region.n_pixels) > 0
    error = octaves(grid, stream(seed, "errors of elevation"), _ERROR_M, _ERROR_EXPONENT) * np.float32(
        1 / _ERROR_SPREAD
    )
    error *= np.float32(elevation.error_m) * (np.float32(0.5) + np.minimum(slope, 1.5))
    averaged_m = gaussian_filter(levelled(elevation_m, waters, 0), elevation.spread_m / PIXEL_M)
    mapped_m = np.where(is_flattened, levelled(elevation_m, large, 0), averaged_m + error)
    steep = noise(grid, stream(seed, "voids"), 240.0) + 2 * np.minimum(slope, np.float32(1.2))
    is_mapped: BoolArray = steep <= np.quantile(steep, 1 - elevation.void_share)
    return mapped_m, is_mapped
