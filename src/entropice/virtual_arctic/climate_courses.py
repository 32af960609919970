"""Courses that the climate may take from a year on, drawn by someone who knows its law and its state.

All that lasts, the warming and the patterns are known, and how strongly the year that has just passed has shown each of
them. What comes is drawn: years remember four tenths of the one before, months nothing. No forecast from the same past
has a smaller expected CRPS than these draws.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from entropice.types import FloatArray
from entropice.virtual_arctic.climate import Climate, Loadings, build_climate, build_history, drawn_onwards
from entropice.virtual_arctic.climate_file import climate_fields, model_height_m
from entropice.virtual_arctic.specification import WorldSpecification

MM_PER_M = 1000.0

FIRST_MONTH = 10
"""Of an Arctic year, in which courses begin."""


def climate_course(
    past: Climate,
    issued: int,
    n_years: int,
    lon_deg: FloatArray,
    lat_deg: FloatArray,
    height_m: FloatArray,
    random: np.random.Generator,
) -> xr.Dataset:
    """Monthly climate (time, point) of the Arctic years after one, in this project's names and units.

    Parameters
    ----------
    past
        Of `known_climate`.
    issued
        The last Arctic year that is known; it ends with September.
    lon_deg, lat_deg, height_m
        Shape (point,).
    random
        What is drawn comes from it: another generator is another course.

    Returns
    -------
    xr.Dataset
        float32 ``t2m`` (K), ``tp`` and ``sf`` (mm of water a month), ``sd`` (mm of water); ``time`` is the first of
        each of 12 · n_years months from October of `issued` on.
    """
    months = np.arange(*(np.datetime64(f"{year}-{FIRST_MONTH}", "M") for year in (issued, issued + n_years)))
    drawn = replace(
        past,
        months=months,
        temperature_loadings_k=drawn_onwards(random, past, past.temperature_loadings_k, months, is_temperature=True),
        precipitation_loadings=drawn_onwards(random, past, past.precipitation_loadings, months, is_temperature=False),
    )
    fields = climate_fields(drawn, lon_deg, lat_deg, height_m)
    days = drawn.days[:, None].astype(np.float32)
    in_mm: dict[str, Any] = {"t2m": 1.0, "tp": days * MM_PER_M, "sd": MM_PER_M, "sf": days * MM_PER_M}
    variables = {name: (("time", "point"), (field * in_mm[name]).astype(np.float32)) for name, field in fields.items()}
    attributes = {"source": "the law of the virtual Arctic", "step": "month"}
    return xr.Dataset(variables, {"time": months.astype("datetime64[ns]")}, attributes)


def known_climate(world: WorldSpecification) -> Climate:
    """All months of the record, as one climate: `build_history` and `build_climate`, one after the other.

    From the first month of the history to December of `last_year`. Warming counts from the first month that slumps
    respond to, as in both parts; loadings of the calendar year in which they meet are those of the latter.
    """
    recent = build_climate(world)
    history = build_history(recent, world)

    def joined(earlier: Loadings, later: Loadings) -> Loadings:
        yearly = np.concatenate([earlier.yearly[:, :-1], later.yearly], axis=1)
        return Loadings(later.lasting, yearly, np.concatenate([earlier.monthly, later.monthly], axis=1))

    return replace(
        recent,
        months=np.concatenate([history.months, recent.months]),
        temperature_loadings_k=joined(history.temperature_loadings_k, recent.temperature_loadings_k),
        precipitation_loadings=joined(history.precipitation_loadings, recent.precipitation_loadings),
    )


def heights_m(terrain: xr.Dataset, world: WorldSpecification, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """The smooth height (m) that the climate knows at points, (point,); see `model_height_m`, which this calls."""
    return model_height_m(terrain, world, lon_deg, lat_deg)
