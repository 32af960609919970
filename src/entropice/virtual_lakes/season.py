"""A region in late summer of a year: lakes, snow, light, radar's view and clouds."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.imagery.uniform_hash import uniform_of
from entropice.types import BoolArray, Float32Array
from entropice.virtual_lakes.ground import Ground
from entropice.virtual_lakes.hollows import levelled
from entropice.virtual_lakes.label_noise import noisy_labels
from entropice.virtual_lakes.lake_years import LakeYear, lake_year
from entropice.virtual_lakes.light import light_of
from entropice.virtual_lakes.materials import LAKE_MATERIALS
from entropice.virtual_lakes.radar import RadarView, radar_view
from entropice.virtual_lakes.relief import steepness
from entropice.virtual_lakes.specification import LakesSpecification
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid

_POINT_SPREAD_PX: Final = 0.5
_CLOUD_M: Final = (2800.0, 1200.0, 500.0, 200.0, 80.0)


@dataclass(frozen=True, eq=False)
class Season:
    """A region in a year; fields have the shape of the region.

    Attributes
    ----------
    ground
        What stays in all years.
    year
        Of the images.
    is_labelled
        Where a person says that there is a lake.
    lakes
        Where the lakes are, and what they are like.
    covers
        By material of the land: share of what lies below it that it covers.
    water
        By material of lakes: share of the pixel.
    rough
        Share of a pixel that is water roughened by wind.
    sunlight
        Direct sunlight over that of flat ground, 0 in shadow.
    haze
        Share of a pixel's light that comes from thin cloud.
    is_clear
        Where no cloud hides the ground.
    radar
        Where radar looks from and what it makes of slopes; None where there is no image.
    """

    ground: Ground
    year: int
    is_labelled: BoolArray
    lakes: LakeYear
    covers: dict[str, Float32Array]
    water: dict[str, Float32Array]
    rough: Float32Array
    sunlight: Float32Array
    haze: Float32Array
    is_clear: BoolArray
    radar: RadarView | None


def season_of(specification: LakesSpecification, ground: Ground, seed: int, year: int) -> Season:
    """A region in a year of the specification.

    Raises
    ------
    ValueError
        The year is none of the specification's.

    Notes
    -----
    Snow lies above a line, the quantile 0.78 to 0.95 of the surface, uniform and drawn for the year, 160 m lower in
    deep shade; clouds hide a share that is uniform up to `largest_share`, drawn for region and year, and thin ones lie
    around them. Labels have their noise.
    """
    number, region = specification.regions.years.index(year), ground.region
    surface_m = levelled(ground.elevation_m, ground.waters, number)
    light = light_of(specification, region, surface_m, seed, year)
    lakes = lake_year(specification, ground, light, seed, year)
    water, rough = _water(region.grid, lakes, seed, year)
    snow = _snow(region.grid, surface_m, light.shadow_m, seed, year)
    haze, is_clear = _clouds(region.grid, specification.clouds.largest_share, seed, region.number, year)
    random = np.random.default_rng([seed, *b"label noise", region.number, year])
    return Season(
        ground=ground,
        year=year,
        is_labelled=noisy_labels(lakes.lake, ground.waters, number, specification.label_noise, random),
        lakes=lakes,
        covers={**ground.covers, "snow": snow},
        water=water,
        rough=rough,
        sunlight=light.sunlight,
        haze=haze,
        is_clear=is_clear,
        radar=radar_view(region, surface_m, specification.radar, seed, year),
    )


def _water(grid: PixelGrid, lakes: LakeYear, seed: int, year: int) -> tuple[dict[str, Float32Array], Float32Array]:
    """Shares of what lakes are made of, blurred as by an instrument, and that of roughened water."""
    floes = octaves(grid, stream(seed, "lake ice", year), (300.0, 120.0, 50.0), 0.5)
    ice = lakes.of_pixels(lakes.ice) * smooth_step(floes, -1.7, -0.9)
    is_open = (lakes.lake > 0) - ice
    turbid = is_open * lakes.of_pixels(lakes.turbidity)
    shares = (is_open - turbid, turbid, ice, is_open * lakes.of_pixels(lakes.wind))
    *blurred, rough = (gaussian_filter(share, _POINT_SPREAD_PX, truncate=3.0) for share in shares)
    return dict(zip(LAKE_MATERIALS, blurred, strict=True)), rough


def _snow(grid: PixelGrid, surface_m: Float32Array, shadow_m: Float32Array, seed: int, year: int) -> Float32Array:
    """Above a line that changes from year to year and lies lower in the shade."""
    line_m = np.quantile(surface_m, 0.78 + 0.17 * uniform_of(seed, "snow line", year))
    uneven_m = 130 * octaves(grid, stream(seed, "snow"), (1100.0, 400.0, 150.0, 60.0), 0.7)
    shaded_m = 160 * smooth_step(shadow_m, 0, 40)
    steep = np.hypot(*steepness(surface_m))
    return smooth_step(surface_m + uneven_m + shaded_m - np.float32(line_m), -15, 45) * smooth_step(steep, 1.3, 0.8)


def _clouds(
    grid: PixelGrid, largest_share: float, seed: int, region_number: int, year: int
) -> tuple[Float32Array, BoolArray]:
    """Thin cloud beside thick cloud, and where there is no thick one."""
    thickness = octaves(grid, stream(seed, "clouds", year), _CLOUD_M, 0.9)
    share = largest_share * uniform_of(seed, "share of clouds", region_number, year)
    # The quantile of the region, so that exactly this share is hidden.
    edge = float(np.quantile(thickness, 1 - share))
    return smooth_step(thickness, edge - 0.5, edge + 0.5), thickness <= edge
