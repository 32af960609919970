"""Any place of the virtual sea on any day, seen from above."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Final

import numpy as np

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.types import BoolArray, Float32Array
from entropice.virtual_ice.cover import BRASH_M, Cover, cover_of
from entropice.virtual_ice.floes import NearestFloes, floes_of
from entropice.virtual_ice.law_between import Conditions, conditions_at
from entropice.virtual_ice.seasons import season_of, season_with
from entropice.virtual_ice.sky import lit, sun_of, veiled
from entropice.virtual_ice.specification import IceSpecification
from entropice.virtual_ice.surfaces import brash, floe_thickness_m, ice, inside, laid, water
from entropice.virtual_scenes.pixel_grid import PixelGrid, pixel_grid

_FLOE_SPACING_M: Final = 6500.0
_N_LEVELS: Final = 255
_N_SEASONS_KEPT: Final = 2


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
    moved. Land is drawn as if it were sea.
    """

    def __init__(self, specification: IceSpecification, seed: int) -> None:
        self.specification, self.seed = specification, seed
        # what is kept does not know of self, so that it goes as soon as nobody needs it
        season = lru_cache(_N_SEASONS_KEPT)(partial(season_of, specification, seed))
        self.season = season
        self._floes = lru_cache(_N_SEASONS_KEPT)(
            lambda number: floes_of(season(number), specification.region, _FLOE_SPACING_M, seed)
        )

    def at(self, place: Place, day: date) -> IceScene:
        """A place on a day of a season; the place's year is not looked at.

        Values are float32 in steps of 1/255 within 0–1, and all are valid.

        Raises
        ------
        ConfigError
            The day lies in no season.
        """
        number = season_with(self.specification.seasons, day)
        season, grid = self.season(number), pixel_grid(place, 0)
        here = conditions_at(self.specification, season, day, grid)
        floes = self._floes(number).nearest(grid, (day - season.first_day).days)
        cover = cover_of(here.concentration, floes, self.seed)
        return IceScene(self._image(grid, here, floes, cover, day), cover.is_ice(floes))

    def conditions(self, place: Place, day: date) -> Conditions:
        """What the law says of a place, at the middles of its pixels.

        float32 (row, column) each, see `conditions_at`; the place's year is not looked at.

        Raises
        ------
        ConfigError
            The day lies in no season.
        """
        season = self.season(season_with(self.specification.seasons, day))
        return conditions_at(self.specification, season, day, pixel_grid(place, 0))

    def _image(self, grid: PixelGrid, here: Conditions, floes: NearestFloes, cover: Cover, day: date) -> Image:
        ordinal = day.toordinal()
        seen = self._with_ice(water(grid, here.wind_m_s, self.seed, ordinal), here, floes, cover, grid.pixel_m)
        seen = lit(veiled(seen, grid, self.seed, ordinal), grid, self.seed, ordinal, sun_of(day))
        values = np.round(seen * _N_LEVELS).astype(np.float32) / np.float32(_N_LEVELS)
        return Image(RGB, values, np.ones(values.shape, dtype=bool))

    def _with_ice(
        self, seen: Float32Array, here: Conditions, floes: NearestFloes, cover: Cover, pixel_m: float
    ) -> Float32Array:
        thickness_m = floe_thickness_m(here.thickness_m, floes)
        of_brash = inside(cover.grain, cover.of_brash, pixel_m / BRASH_M)
        of_floes = inside(floes.share, cover.of_floes, pixel_m / _FLOE_SPACING_M)
        seen = laid(seen, brash(thickness_m, cover.grain), of_brash)
        return laid(seen, ice(thickness_m, floes, here.cold, self.seed), of_floes)
