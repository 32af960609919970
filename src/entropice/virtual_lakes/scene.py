"""Any place of the regions in any of their years, as three sensors see it."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import ConfigError
from entropice.imagery.samples import Image, Place, Sample
from entropice.types import BoolArray, Float32Array
from entropice.virtual_lakes.backscatter import backscatter_db
from entropice.virtual_lakes.ground import Ground, ground_of
from entropice.virtual_lakes.materials import BANDS, OPTICAL_BANDS, RADAR
from entropice.virtual_lakes.optical import reflectances
from entropice.virtual_lakes.overlap import overlap_of
from entropice.virtual_lakes.regions import region_at, regions_of
from entropice.virtual_lakes.season import Season, season_of
from entropice.virtual_lakes.specification import LakesSpecification
from entropice.virtual_lakes.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
else:
    Bytes = Any

_N_SEASONS_KEPT: Final = 2
_OPTICAL: Final = slice(0, len(OPTICAL_BANDS))
_RADAR: Final = slice(len(OPTICAL_BANDS), len(OPTICAL_BANDS) + len(RADAR))
_ELEVATION: Final = len(BANDS) - 1


class LakeScenes:
    """What virtual lakes look like to three sensors.

    A pixel is a pure function of specification, seed, region, year and absolute position: places that share pixels
    show the same numbers there, bit for bit. The fields of one region and of two of its years are kept, so places are
    best asked for region by region and year by year.
    """

    def __init__(self, specification: LakesSpecification, seed: int) -> None:
        self.specification, self.seed = specification, seed
        self.regions = regions_of(specification, seed)
        # what is kept does not know of self, so that it goes as soon as nobody needs it
        regions = self.regions
        ground = lru_cache(1)(lambda number: ground_of(specification, regions[number], seed))
        self._ground = ground
        self._season = lru_cache(_N_SEASONS_KEPT)(
            lambda number, year: season_of(specification, ground(number), seed, year)
        )

    def __reduce__(self) -> tuple[type["LakeScenes"], tuple[LakesSpecification, int]]:
        """Another process makes its own fields."""
        return LakeScenes, (self.specification, self.seed)

    def at(self, place: Place) -> Sample:
        """A place whose target is 1 in lakes; outside the regions nothing is valid, nor scored.

        Bands are `BANDS`: reflectances, dB, and m; values that are not known are 0 and not valid: below clouds, where
        radar has no image, and in voids of the elevation model. The target, uint8, is true and scored in all of a
        region, also below clouds.

        Raises
        ------
        ConfigError
            Pixels other than the regions' own, looked at first, or in a region a year without images; outside of them
            any year passes.
        """
        key, region = f"{place.year}_{place.left_m:.0f}_{place.top_m:.0f}", self._region_number(place)
        if region is None:
            return _unknown(key, place)
        season, overlap = self.season(region, place.year), overlap_of(self.regions[region], place)
        values, valid = self._seen(View(season, self.seed, *overlap.of_blocks))
        image = Image(BANDS, overlap.from_view(values), overlap.from_view(valid))
        target = overlap.in_place(season.lakes.lake > 0).astype(np.uint8)
        return Sample(key, image, target, overlap.in_place(np.ones_like(season.is_clear)), place)

    def label(self, place: Place) -> Bytes:
        """What a person would draw, with the noise of labels: 1 in lakes, 255 outside the regions; (row, column).

        uint8; 0 is land, or lake that was missed.

        Raises
        ------
        ConfigError
            Pixels other than the regions' own, looked at first, or in a region a year without images; outside of them
            any year passes.
        """
        region = self._region_number(place)
        if region is None:
            return np.full((place.n_pixels, place.n_pixels), 255, dtype=np.uint8)
        season, overlap = self.season(region, place.year), overlap_of(self.regions[region], place)
        known = overlap.in_place(np.ones_like(season.is_clear))
        return np.where(known, overlap.in_place(season.is_labelled), 255).astype(np.uint8)

    def conditions(self, place: Place) -> Bytes:
        """Condition of the lake of each pixel: its number in `CONDITIONS` from 1, 0 on land; (row, column).

        uint8, 0 outside the regions, too.

        Raises
        ------
        ConfigError
            Pixels other than the regions' own, looked at first, or in a region a year without images; outside of them
            any year passes.
        """
        region = self._region_number(place)
        if region is None:
            return np.zeros((place.n_pixels, place.n_pixels), dtype=np.uint8)
        season = self.season(region, place.year)
        return season.lakes.condition[overlap_of(self.regions[region], place).in_place(season.lakes.lake)].astype(
            np.uint8
        )

    def ground(self, region: int) -> Ground:
        """What stays of the region of a number in all years.

        Numbers count from 0.

        Raises
        ------
        IndexError
            There is no region of this number.
        """
        return self._ground(region)

    def season(self, region: int, year: int) -> Season:
        """The region of a number in a year.

        Regions count from 0. The two that were asked for last are kept. The year is looked at before the number.

        Raises
        ------
        ConfigError
            There are no images of this year.
        IndexError
            There is no region of this number.
        """
        years = self.specification.regions.years
        if year not in years:
            raise ConfigError(
                "There are no images of virtual lakes of this year.",
                field="year",
                got=year,
                expected=", ".join(map(str, years)),
            )
        return self._season(region, year)

    def _region_number(self, place: Place) -> int | None:
        region = region_at(self.regions, place)
        return None if region is None else region.number

    def _seen(self, view: View) -> tuple[Float32Array, BoolArray]:
        """Values of all bands, 0 where not known, and whether they are known."""
        season, shape = view.season, (len(BANDS), *view.of(view.season.lakes.lake).shape)
        values, valid = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool)
        values[_OPTICAL], valid[_OPTICAL] = reflectances(self.specification.optical, view), view.of(season.is_clear)
        if season.radar is not None:
            values[_RADAR] = backscatter_db(season.radar, self.specification.radar.n_looks, view)
            valid[_RADAR] = True
        values[_ELEVATION] = view.of(season.ground.mapped_m)
        valid[_ELEVATION] = view.of(season.ground.is_mapped)
        return np.where(valid, values, np.float32(0)), valid


def _unknown(key: str, place: Place) -> Sample:
    nothing = np.zeros((len(BANDS), place.n_pixels, place.n_pixels), dtype=np.float32)
    image = Image(BANDS, nothing, nothing.astype(bool))
    return Sample(key, image, nothing[0].astype(np.uint8), nothing[0].astype(bool), place)
