"""Daily fields of virtual sea ice, as a network learns from them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.imagery.bands import band_named
from entropice.types import BoolArray, FloatArray
from entropice.virtual_ice.random_fields import generator
from entropice.virtual_ice.seasons import Season, season_of
from entropice.virtual_ice.specification import IceRegion, IceSpecification, Observation

if TYPE_CHECKING:
    from numpy.random import Generator

    Fields = dict[str, FloatArray]

BANDS: Final = ("ice_concentration", "ice_thickness", "wind_x", "wind_y")


def fields_of(specification: IceSpecification, seed: int) -> xr.Dataset:
    """What is observed of all seasons of a world.

    Concentration is a share, thickness in m, wind in m/s towards larger x and y. Noise is Gaussian with the standard
    deviations of `Observation`, independent between pixels and days; concentrations are then cut to 0–1 and thicknesses
    at 0.

    Returns
    -------
    xr.Dataset
        float32 `BANDS` (time, y, x), NaN on land, with attributes ``units`` and ``long_name``; the thickness is 0 where
        no ice is seen. ``time`` is the day, ``y`` descending and ``x`` ascending are middles of pixels in metres.
        Attributes ``crs step pixel_m source licence``. Seasons are the same days of consecutive years: the time axis
        goes in steps of ``P1D`` within a season and jumps between them.
    """
    return _dataset(specification, [_observed(specification, seed, number) for number in _numbers(specification)])


def true_fields_of(specification: IceSpecification, seed: int) -> xr.Dataset:
    """The same as `fields_of` without noise of observation: float32 `BANDS` (time, y, x), NaN on land."""
    seasons = [season_of(specification, seed, number) for number in _numbers(specification)]
    return _dataset(specification, [(season, _true(season)) for season in seasons])


def pixel_middles_m(region: IceRegion) -> tuple[FloatArray, FloatArray]:
    """x, ascending, and y, descending, of the middles of pixels; float64 (n_pixels,) each, EPSG:3413.

    Examples
    --------
    >>> x_m, y_m = pixel_middles_m(
    ...     IceRegion(left_m=0.0, top_m=0.0, pixel_m=100.0, n_pixels=16, land_share=0.0, coast_scale_m=1000.0)
    ... )
    >>> x_m[:2].tolist(), y_m[:2].tolist()
    ([50.0, 150.0], [-50.0, -150.0])
    """
    steps = (np.arange(region.n_pixels, dtype=np.float64) + 0.5) * region.pixel_m
    return region.left_m + steps, region.top_m - steps


def _numbers(specification: IceSpecification) -> range:
    return range(specification.seasons.n_seasons)


def _true(season: Season) -> "Fields":
    return {
        "ice_concentration": np.stack([state.concentration for state in season.states]),
        "ice_thickness": np.stack([state.thickness_m for state in season.states]),
        "wind_x": season.wind_m_s[0],
        "wind_y": season.wind_m_s[1],
    }


def _observed(specification: IceSpecification, seed: int, number: int) -> "tuple[Season, Fields]":
    season = season_of(specification, seed, number)
    return season, _noisy(_true(season), specification.observation, generator(seed, "observation", number))


def _noisy(true: "Fields", observation: Observation, random: "Generator") -> "Fields":
    def seen(band: str, deviation: float) -> FloatArray:
        return true[band] + deviation * random.standard_normal(true[band].shape, dtype=np.float32)

    concentration = np.clip(seen("ice_concentration", observation.concentration_sd), 0, 1)
    thickness = np.maximum(seen("ice_thickness", observation.thickness_sd_m), 0)
    return {
        "ice_concentration": concentration,
        "ice_thickness": np.where(concentration > 0, thickness, 0),
        "wind_x": seen("wind_x", observation.wind_sd_m_s),
        "wind_y": seen("wind_y", observation.wind_sd_m_s),
    }


def _dataset(specification: IceSpecification, seasons: "list[tuple[Season, Fields]]") -> xr.Dataset:
    x_m, y_m = pixel_middles_m(specification.region)
    days = [season.first_day + timedelta(days=day) for season, _ in seasons for day in range(len(season.states))]
    sea = seasons[0][0].ground.sea
    variables = {band: _variable(band, [fields[band] for _, fields in seasons], sea) for band in BANDS}
    return xr.Dataset(
        variables,
        coords={"time": pd.DatetimeIndex(days, name="time").as_unit("ns"), "y": y_m, "x": x_m},
        attrs={
            "crs": POLAR_CRS,
            "step": "P1D",
            "pixel_m": specification.region.pixel_m,
            "source": "virtual sea ice of entropice",
            "licence": "CC0-1.0",
        },
    )


def _variable(band: str, of_seasons: list[FloatArray], sea: BoolArray) -> xr.Variable:
    values = np.where(sea, np.concatenate(of_seasons), np.nan).astype(np.float32)
    declared = band_named(band)
    return xr.Variable(("time", "y", "x"), values, {"units": declared.unit, "long_name": declared.title})
