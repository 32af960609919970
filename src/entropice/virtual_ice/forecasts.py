"""What can be known of the next days of virtual sea ice, as a dataset."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import xarray as xr

from entropice.types import Dataset, Float32Array
from entropice.virtual_ice.ceiling import futures_in
from entropice.virtual_ice.fields import pixel_middles_m
from entropice.virtual_ice.seasons import Season, season_of
from entropice.virtual_ice.specification import IceCeilingRules, IceSpecification


def ceiling_forecasts(specification: IceSpecification, seed: int, rules: IceCeilingRules) -> Dataset:
    """The best forecasts of concentration in the last seasons.

    Values are concentrations within 0–1. Forecasts begin with the day `n_known` of each of the last `n_seasons`
    seasons, and then every `every_days`, as long as a day of the season is left.

    Returns
    -------
    Dataset
        float32 (first, horizon, y, x): ``ceiling``, the median of all that may come, is best in mean absolute error,
        ``ceiling_mean`` in mean squared error; NaN on land, and where the season ends before. ``first`` is the last
        day that is known, ``horizon`` counts days ahead from 1.

    Raises
    ------
    ValueError
        No day is left of a season after `n_known` days (of numpy).
    """
    n_seasons = specification.seasons.n_seasons
    seasons = [season_of(specification, seed, number) for number in range(n_seasons)[-rules.n_seasons :]]
    known = [(season, day) for season in seasons for day in _known_days(season, rules)]
    median, mean = np.stack([_median_and_mean(season, specification, day, rules) for season, day in known], axis=1)
    x_m, y_m = pixel_middles_m(specification.region)
    dims, unit = ("first", "horizon", "y", "x"), {"units": "1"}
    return xr.Dataset(
        {
            "ceiling": (dims, median, unit),
            "ceiling_mean": (dims, mean, unit),
        },
        coords={
            "first": pd.DatetimeIndex([day for _, day in known]).as_unit("ns"),
            "horizon": np.arange(1, rules.n_horizons + 1),
            "y": y_m,
            "x": x_m,
        },
        attrs={"n_members": rules.n_members},
    )


def _known_days(season: Season, rules: IceCeilingRules) -> Iterator[date]:
    """Last known days of forecasts of which one day at least lies in the season."""
    days = range(rules.n_known - 1, len(season.states) - 1, rules.every_days)
    return (season.first_day + timedelta(days=day) for day in days)


def _median_and_mean(
    season: Season, specification: IceSpecification, known: date, rules: IceCeilingRules
) -> Float32Array:
    """Shape (2, horizon, row, column), NaN on land and beyond the season."""
    n_left = len(season.states) - 1 - (known - season.first_day).days
    n_days = min(rules.n_horizons, n_left)
    futures = futures_in(season, specification, known + timedelta(days=1), n_days, rules.n_members)
    both = np.where(season.ground.sea, np.stack([np.median(futures, axis=0), futures.mean(axis=0)]), np.nan)
    beyond = ((0, 0), (0, rules.n_horizons - n_days), (0, 0), (0, 0))
    return np.pad(both, beyond, constant_values=np.nan).astype(np.float32)
