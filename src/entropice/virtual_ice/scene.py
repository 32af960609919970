"""Any place of the virtual sea on any day, seen from above."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import ndimage

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray
from entropice.virtual_ice.cellular import share_of_plane
from entropice.virtual_ice.floes import Floes, NearestFloes, floes_of
from entropice.virtual_ice.seasons import Season, coldness, season_of, season_with
from entropice.virtual_ice.sky import lit, veiled
from entropice.virtual_ice.specification import IceRegion, IceSpecification
from entropice.virtual_ice.surfaces import brash, floe_thickness_m, ice, laid, rim, water
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import b_spline, interpolated, streaks
from entropice.virtual_scenes.pixel_grid import PixelGrid, pixel_grid

_FLOE_SPACING_M: Final = 6500.0
_BRASH_SPACING_M: Final = 1500.0
_FLOE_RIM: Final = 0.05
_BRASH_RIM: Final = 0.15
_PATCH_M: Final = (14_000.0, 4000.0)
_PATCHINESS: Final = 0.49
_STRAY: Final = 0.04
"""Less ice than this is scattered so finely that none is seen."""
_N_SEASONS_KEPT: Final = 2
_LATITUDE_DEG: Final = 79.0
_TILT_DEG: Final = 23.44


@dataclass(frozen=True, eq=False)
class IceScene:
    """An image with what is true in it.

    Attributes
    ----------
    image
        Bands red, green and blue in steps of 1/255.
    is_ice
        Whether a pixel's centre lies on ice, shape (row, column).
    """

    image: Image
    is_ice: BoolArray


class IceScenes:
    """What virtual sea ice looks like from above.

    A pixel is a pure function of specification, seed, day, size of pixels and absolute position: places that share
    pixels show the same numbers there, bit for bit. Floes drift with the ice: on two days the same floes are seen,
    moved.
    """

    def __init__(self, specification: IceSpecification, seed: int) -> None:
        self.specification, self.seed = specification, seed
        self.season = lru_cache(_N_SEASONS_KEPT)(self._season)
        self._floes = lru_cache(_N_SEASONS_KEPT)(self._floes_of)

    def at(self, place: Place, day: date) -> IceScene:
        """A place at sea on a day of a season; its year is not looked at.

        Raises
        ------
        ConfigError
            The day lies in no season.
        """
        number = season_with(self.specification.seasons, day)
        season, grid = self.season(number), pixel_grid(place, 0)
        step = (day - season.first_day).days
        cover, mean_m = self._ice_at(season, step, grid)
        wind_m_s = _between(np.hypot(*season.wind_m_s[:, step]), self.specification.region, grid)
        cold = _between(np.repeat(coldness(self.specification, day)[:, None], len(season.ground.sea), 1), self.specification.region, grid)
        floes = self._floes(number).nearest(grid, step)
        scale = np.float32(1 / _BRASH_SPACING_M)
        grain = share_of_plane(floes.y_m * scale, floes.x_m * scale, stream(self.seed, "brash"))
        cover = _clustered(cover, floes, self.seed)
        floe_cover = cover * (np.float32(0.55) + np.float32(0.44) * cover)
        brash_cover = 1 - (1 - cover) / (1 - floe_cover)
        thickness_m = floe_thickness_m(mean_m, floes)
        ordinal = day.toordinal()
        seen = water(grid, wind_m_s, self.seed, ordinal)
        seen = laid(seen, brash(np.float32(0.7) * thickness_m, grain), rim(grain, brash_cover, _BRASH_RIM) * (brash_cover > 0))
        seen = laid(seen, ice(thickness_m, floes, cold, self.seed), rim(floes.share, floe_cover, _FLOE_RIM) * (floe_cover > 0))
        is_ice = (floes.share < floe_cover) | (grain < brash_cover)
        seen = lit(veiled(seen, grid, self.seed, ordinal), grid, self.seed, ordinal, _sun(day))
        values = np.round(seen * 255).astype(np.float32) / np.float32(255)
        return IceScene(Image(RGB, values, np.ones(values.shape, dtype=bool)), is_ice)

    def _ice_at(self, season: Season, step: int, grid: PixelGrid) -> tuple[Float32Array, Float32Array]:
        """Concentration that is seen, and mean thickness of the ice."""
        region, state = self.specification.region, season.states[step]
        cover, volume_m = (_between(_without_land(values, season.ground.sea), region, grid) for values in (state.concentration, state.volume_m))
        mean_m = np.divide(volume_m, cover, out=np.zeros_like(volume_m), where=cover > 0)
        return np.clip((cover - np.float32(_STRAY)) / np.float32(1 - _STRAY), 0, np.float32(0.999)), mean_m

    def _season(self, number: int) -> Season:
        return season_of(self.specification, self.seed, number)

    def _floes_of(self, number: int) -> Floes:
        return floes_of(self.season(number), self.specification.region, _FLOE_SPACING_M, self.seed)


def _between(values: FloatArray, region: IceRegion, grid: PixelGrid) -> Float32Array:
    """A field of the law between its pixels, smooth and within its bounds."""
    rows = (region.top_m - grid.y_m) / region.pixel_m - 0.5
    columns = (grid.x_m - region.left_m) / region.pixel_m - 0.5
    last = region.n_pixels - 1

    def values_at(row: IntArray, column: IntArray) -> Float32Array:
        return values[np.clip(row, 0, last)[:, None], np.clip(column, 0, last)].astype(np.float32)

    return interpolated(values_at, rows, columns, b_spline)


def _clustered(cover: Float32Array, floes: NearestFloes, seed: int) -> Float32Array:
    """Denser and looser patches that move with the ice; the mean stays."""
    patches = np.zeros(cover.shape, dtype=np.float32)
    for number, length_m in enumerate(_PATCH_M):
        scale = np.float32(1 / length_m)
        patches += streaks(floes.x_m * scale, floes.y_m * scale, stream(seed, "patches", number))
    return cover + cover * (1 - cover) * np.float32(_PATCHINESS) * patches


def _without_land(values: FloatArray, sea: BoolArray) -> FloatArray:
    """Land gets the value of the nearest sea."""
    nearest = ndimage.distance_transform_edt(~sea, return_distances=False, return_indices=True)
    filled: FloatArray = values[tuple(nearest)]
    return filled


def _sun(day: date) -> float:
    """Sine of the sun's height at noon."""
    declination_deg = -_TILT_DEG * np.cos(2 * np.pi * (day.timetuple().tm_yday + 10) / 365.25)
    return float(max(np.cos(np.radians(_LATITUDE_DEG - declination_deg)), 0.0))
