"""What can be known of a virtual land's future, as a dataset."""

import numpy as np
import pandas as pd
import xarray as xr

from entropice.imagery.bands import band_named
from entropice.sources.series.fields import pixel_middles
from entropice.sources.series.human_modification import HM_UNITS, HUMAN_MODIFICATION
from entropice.types import Dataset
from entropice.virtual_modification.ceiling import Ceiling, known_law_forecast
from entropice.virtual_modification.files import place_of
from entropice.virtual_modification.specification import CeilingRules
from entropice.virtual_modification.world import ModifiedWorld


def ceiling_forecasts(world: ModifiedWorld, rules: CeilingRules) -> Dataset:
    """The best forecasts from every map that enough maps go before, of all maps that follow within the horizon.

    HM is modification times 10,000. The first forecast is from map number `n_known`, the last from that before the
    last.

    Returns
    -------
    Dataset
        float32 (first, horizon, y, x), HM: ``ceiling`` is best in mean absolute error, ``ceiling_mean`` in mean squared
        error (`Ceiling`); NaN on water, and where no map follows. ``first`` is the first day of the last step that is
        known, ``horizon`` counts steps ahead from 1.

    Raises
    ------
    ValueError
        There are no more than `n_known` maps (of numpy).
    """
    specification = world.specification
    firsts = range(rules.n_known - 1, specification.n_steps - 1)
    found = [_of_maps(world, first, rules) for first in firsts]
    years = [f"{specification.years[first]}-01-01" for first in firsts]
    dims, unit = ("first", "horizon", "y", "x"), {"units": band_named(HUMAN_MODIFICATION.band).unit}
    return xr.Dataset(
        {
            "ceiling": (dims, np.stack([each.median for each in found]), unit),
            "ceiling_mean": (dims, np.stack([each.mean for each in found]), unit),
        },
        coords={
            "first": pd.DatetimeIndex(years).as_unit("ns"),
            "horizon": np.arange(1, rules.n_horizons + 1),
            **pixel_middles(place_of(specification)),
        },
        attrs={"n_draws": rules.n_draws},
    )


def _of_maps(world: ModifiedWorld, first: int, rules: CeilingRules) -> Ceiling:
    n_horizons = min(rules.n_horizons, world.specification.n_steps - 1 - first)
    known = known_law_forecast(world, first, n_horizons, rules.n_draws)
    beyond = ((0, rules.n_horizons - n_horizons), (0, 0), (0, 0))
    return Ceiling(
        *(np.pad(part * np.float32(HM_UNITS), beyond, constant_values=np.nan) for part in (known.median, known.mean))
    )
