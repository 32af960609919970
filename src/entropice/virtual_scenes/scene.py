"""Scenes of the virtual Arctic: any place and year, seen from above."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError
from entropice.imagery.samples import Image, Place
from entropice.types import BoolArray, Float32Array, GeoDataFrame, IntArray
from entropice.virtual_arctic.slumps import active_slumps
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_scenes.clouds import clouded
from entropice.virtual_scenes.covers import OPTICAL, land_cover
from entropice.virtual_scenes.drawn_slumps import draw_slump
from entropice.virtual_scenes.ground import WorldFields, ground
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.lookalikes import check_kinds, draw_lookalike, lookalikes
from entropice.virtual_scenes.noise import octaves
from entropice.virtual_scenes.pixel_grid import PixelGrid, pixel_grid
from entropice.virtual_scenes.sensors import Strip, measured, sensors_of, strips
from entropice.virtual_scenes.slumps_of_year import SlumpsOfYear
from entropice.virtual_scenes.specification import SceneSpecification

BANDS: Final = (*OPTICAL, "elevation")
_MARGIN_PX: Final = 2
"""Slopes need neighbours: the light that of a pixel's own slope, and its height that of the world's slope."""
_DIFFUSE: Final = 0.28
_ERROR_SPACINGS_M: Final = (60.0, 25.0, 11.0)


@dataclass(frozen=True)
class Scene:
    """An image with what is true in it.

    Attributes
    ----------
    image
        Bands blue, green, red, red_edge, nir (reflectances) and elevation (m).
    slump_ids
        Number of the active slump inside whose outline a pixel's centre lies, shape (row, column); 0 where none.
    """

    image: Image
    slump_ids: IntArray


class Scenes:
    """What a virtual Arctic looks like from above.

    A pixel is a pure function of world, specification, year, size of pixels and absolute position: places that share
    pixels show the same numbers there, bit for bit.

    Parameters
    ----------
    terrain, truth
        Of a world: `virtual_arctic.terrain.build_terrain` and `virtual_arctic.truth.build_truth`.

    Raises
    ------
    ConfigError
        Densities of lookalikes miss a kind, the law of growth does not reach back to all label years, or no sensor
        takes images in one of them.
    """

    def __init__(
        self, terrain: xr.Dataset, truth: xr.Dataset, world: WorldSpecification, specification: SceneSpecification
    ) -> None:
        check_kinds(specification.lookalikes_per_km2)
        for year in world.label_years:
            sensors_of(year)
        self._seed, self._specification = world.seed, specification
        self._fields = WorldFields(terrain)
        active = active_slumps(truth, world)
        self._by_year = {
            year: SlumpsOfYear(active, year, self._fields, specification, world.seed) for year in world.label_years
        }

    def at(self, place: Place) -> Scene:
        """The scene of a place, in one of the world's label years.

        The image is float32 (band, row, column): reflectances from 0.001 to 1.6, and m with the errors of an elevation
        model, the same in all years: `error_m` times `octaves` of 60, 25 and 11 m with the exponent 0.3. Optical bands
        are not valid below clouds; elevation is not valid at sea. Scars of slumps that are not active in the year are
        seen and have no id; nor has anything at sea.

        Raises
        ------
        ConfigError
            The year is none of the world's label years.

        Notes
        -----
        Of cover ρ, a surface in light L = .28 + .72 max(cos θ, 0) / sin(height of the sun), θ the angle between sun and
        normal, a sensor makes gain · ρL + haze + noise, after shadows and thin cloud (`clouded`, `measured`).
        """
        slumps, grid, specification = self._of_year(place.year), pixel_grid(place, _MARGIN_PX), self._specification
        below = ground(self._fields, grid, specification.relief, self._seed)
        elevation_m, reflectance = below.elevation_m, land_cover(below, self._seed)
        slump_ids = np.zeros(grid.shape, dtype=np.int64)
        for one in lookalikes(grid, self._fields, specification.lookalikes_per_km2, self._seed):
            draw_lookalike(one, grid, elevation_m, reflectance)
        for slump in slumps.near(grid):
            reach_m = slumps.drawn_reach_m(slump)
            draw_slump(slump, reach_m, grid, specification.slumps, elevation_m, reflectance, slump_ids)
        inner = slice(_MARGIN_PX, -_MARGIN_PX)
        optical, is_clear = self._seen(reflectance[:, inner, inner], elevation_m[1:-1, 1:-1], grid, place.year)
        slump_ids = np.where(below.land, slump_ids, 0)[inner, inner]
        elevation_m = (elevation_m + self._elevation_error_m(grid))[inner, inner]
        return Scene(_image(optical, is_clear, elevation_m, below.land[inner, inner]), slump_ids)

    def outlines(self, place: Place) -> GeoDataFrame:
        """Rows ``slump_id year area_m2 geometry`` (EPSG:3413, whole) of active slumps that touch a place.

        ``area_m2`` is true, not that of the geometry in EPSG:3413. Outlines that meet the place's edge alone are among
        them; rows are sorted by ``slump_id``, and there may be none.

        Raises
        ------
        ConfigError
            The year is none of the world's label years.
        """
        slumps, grid = self._of_year(place.year), pixel_grid(place, 0)
        near = [slump for slump in slumps.near(grid) if slump.is_active]
        outlines = gpd.GeoDataFrame(
            {
                "slump_id": np.array([slump.slump_id for slump in near], dtype=np.int64),
                "year": np.full(len(near), place.year, dtype=np.int64),
                "area_m2": np.array([slump.area_m2 for slump in near], dtype=np.float64),
            },
            geometry=[slump.star.outline() for slump in near],
            crs=POLAR_CRS,
        )
        left_m, bottom_m, right_m, top_m = place.bounds_m
        return outlines.cx[left_m:right_m, bottom_m:top_m].reset_index(drop=True)

    def _of_year(self, year: int) -> SlumpsOfYear:
        if year not in self._by_year:
            raise ConfigError(
                "The virtual Arctic has no slumps of this year.",
                field="year",
                got=year,
                expected=", ".join(map(str, self._by_year)),
                fix="name one of virtual_arctic.label_years, or add the year to them",
            )
        return self._by_year[year]

    def _elevation_error_m(self, grid: PixelGrid) -> Float32Array:
        """Errors of an elevation model made from pairs of images: the same in all years."""
        errors = octaves(grid, stream(self._seed, "elevation errors"), _ERROR_SPACINGS_M, 0.3)
        return np.float32(self._specification.relief.error_m) * errors

    def _seen(
        self, reflectance: Float32Array, elevation_m: Float32Array, grid: PixelGrid, year: int
    ) -> tuple[Float32Array, BoolArray]:
        """Optical bands as the year's strips show them, and where no cloud is; heights reach one pixel farther."""
        rise_x = (elevation_m[1:-1, 2:] - elevation_m[1:-1, :-2]) / np.float32(2 * grid.pixel_m)
        rise_y = (elevation_m[:-2, 1:-1] - elevation_m[2:, 1:-1]) / np.float32(2 * grid.pixel_m)
        inner = grid.part(slice(_MARGIN_PX, -_MARGIN_PX), slice(_MARGIN_PX, -_MARGIN_PX))
        optical, is_clear = np.empty_like(reflectance), np.empty(inner.shape, dtype=bool)
        sensors, clouds = self._specification.sensors, self._specification.clouds
        for rows, columns, strip in strips(inner, year, self._seed, sensors, clouds):
            window, part = (rows, columns), inner.part(rows, columns)
            lit = reflectance[:, *window] * _light(rise_x[window], rise_y[window], strip)
            lit, is_clear[window] = clouded(lit, part, strip, clouds.shadow_m, stream(self._seed, "clouds", year))
            optical[:, *window] = measured(lit, part, strip, stream(self._seed, "pixel noise", year))
        return optical, is_clear


def _light(rise_x: Float32Array, rise_y: Float32Array, strip: Strip) -> Float32Array:
    """Light on a slope over that on flat ground: the sky's share, and the cosine law for the sun's."""
    x, y, up = (np.float32(part) for part in strip.sun)
    cosine = (up - rise_x * x - rise_y * y) / np.sqrt(1 + rise_x * rise_x + rise_y * rise_y)
    light: Float32Array = np.float32(_DIFFUSE) + np.float32(1 - _DIFFUSE) * np.maximum(cosine, 0) / up
    return light


def _image(optical: Float32Array, is_clear: BoolArray, elevation_m: Float32Array, land: BoolArray) -> Image:
    valid = np.concatenate([np.broadcast_to(is_clear, optical.shape), land[None]])
    values = np.concatenate([optical, elevation_m[None]])
    return Image(BANDS, np.where(valid, values, np.float32(0)), valid)
