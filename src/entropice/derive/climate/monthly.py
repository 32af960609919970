"""Climate features of label years on any grid, from months or days."""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from entropice.derive.climate.history import History, derived_features, looked_at, with_history
from entropice.derive.climate.indices import Index, indices_from, lead_of
from entropice.derive.climate.years import ArcticYear, arctic_year, dates, needed_steps, places, require_steps
from entropice.types import Dataset, Float32Array

logger = logging.getLogger(__name__)


def climate_features(climate: Dataset, years: Sequence[int], start_month: int, history: History) -> Dataset:
    """Every index of the label years' Arctic years, and what `history` sets beside them.

    Indices are those for which the climate has the variables (`entropice.derive.climate.indices.indices_from`). Arctic
    year y runs from `start_month` of y − 1 to the month before it in y (January starts the calendar year y), so no
    value depends on a month after it.

    Parameters
    ----------
    climate
        Canonical climate on (time, …): ``t2m`` (K), ``tp``, ``sf`` and ``sd`` (mm), and more; attributes ``source``
        and ``step`` ("month" or "day").
    years
        Label years, ascending.
    start_month
        1 to 12.
    history
        Which indices are set against which years.

    Returns
    -------
    Dataset
        float32 on (year, …), ``year`` being the label years; NaN wherever a needed step is. One variable for each of
        `entropice.derive.climate.history.derived_features`, with units, source, statistic, long_name and years.

    Raises
    ------
    FeatureError
        A name in `history` that no index has, or else a step that a label year or its history needs is missing.
    """
    indices = indices_from(map(str, climate.data_vars))
    features = derived_features(indices, history)
    needed = looked_at(features, years)
    leads = {year: lead_of(of_year) for year, of_year in needed.items()}
    require_steps(dates(climate), climate.attrs["step"], leads, start_month)
    logger.info(
        "Climate: %d indices of Arctic years %d to %d become %d features of %d label years",
        len(indices),
        min(needed),
        max(needed),
        len(features),
        len(years),
    )
    return with_history(yearly_indices(climate, needed, start_month), features, years)


def whole_years(climate: Dataset, start_month: int) -> list[int]:
    """Arctic years of a climate (time, …) of which every step that an index looks at is there; ascending.

    The longest lead of its indices counts for every year; values that are NaN count as there. One step or more.

    Examples
    --------
    Two years of months from October on; of the second, September is missing.

    >>> import pandas as pd
    >>> months = pd.date_range("2018-10-01", "2020-08-01", freq="MS")
    >>> climate = xr.Dataset({"tp": ("time", np.ones(23))}, {"time": months}, {"source": "ERA5", "step": "month"})
    >>> whole_years(climate, start_month=10), whole_years(climate, start_month=9)
    ([2019], [2020])
    """
    present, step = dates(climate), climate.attrs["step"]
    lead = lead_of(indices_from(map(str, climate.data_vars)))
    first, last = (int(each.astype("datetime64[Y]").astype(int)) + 1970 for each in (present[0], present[-1]))
    # Steps from the start month on belong to the Arctic year that is called by the next calendar year.
    asked = range(first, last + 2)
    return [year for year in asked if np.isin(needed_steps(year, start_month, lead, step), present).all()]


def every_year(climate: Dataset, years: Sequence[int], start_month: int) -> Dataset:
    """Every index of Arctic years on (year, …), without what `History` sets beside it; climate is on (time, …).

    Float32, for years that ascend; the indices are those for which the climate has the variables, in the order of
    `entropice.derive.climate.indices.INDICES`.

    Raises
    ------
    FeatureError
        A step that one of the years needs is missing.
    """
    return climate_features(climate, years, start_month, History(normal_years=1, trend_years=2, lag_years=1))


def yearly_indices(climate: Dataset, needed: Mapping[int, Sequence[Index]], start_month: int) -> Dataset:
    """Indices on (year, …), float32, each in the years that need it and NaN in others; one year in memory at a time.

    `climate` is on (time, …) and holds all steps that `needed`, indices by Arctic year, looks at: that is not checked.
    ``year`` holds the years of `needed` in its order; attributes ``source`` and ``step`` are kept.

    Examples
    --------
    A year of months with 10 mm each; of the year after it nothing is asked.

    >>> import pandas as pd
    >>> from entropice.derive.climate.indices import INDEX_BY_NAME
    >>> months = pd.date_range("2018-10-01", "2020-09-01", freq="MS")
    >>> climate = xr.Dataset({"tp": ("time", np.full(24, 10.0))}, {"time": months}, {"source": "ERA5", "step": "month"})
    >>> found = yearly_indices(climate, {2019: [INDEX_BY_NAME["annual_precipitation_mm"]], 2020: []}, start_month=10)
    >>> found["annual_precipitation_mm"].values.tolist()
    [120.0, nan]
    """
    axes = places(climate)
    shape = (len(needed), *(climate.sizes[axis] for axis in axes))
    names = {index.name for indices in needed.values() for index in indices}
    values = {name: np.full(shape, np.nan, dtype=np.float32) for name in sorted(names)}
    for row, (year, indices) in enumerate(needed.items()):
        of_year = arctic_year(climate, year, start_month, lead_of(indices))
        for name, index in indices_of(of_year, indices).items():
            values[name][row] = index
    return xr.Dataset(
        {name: (("year", *axes), of_years) for name, of_years in values.items()},
        {"year": np.array(list(needed), dtype=np.int64), **{axis: climate[axis] for axis in axes}},
        {key: climate.attrs[key] for key in ("source", "step")},
    )


def indices_of(year: ArcticYear, indices: Sequence[Index]) -> dict[str, Float32Array]:
    """Each index of one Arctic year by name, float32, of the shape (…) of a place; NaN where a needed step is.

    Examples
    --------
    >>> from entropice.derive.climate.indices import INDEX_BY_NAME
    >>> rain = {"tp": np.array([[1.0, 1.0], [2.0, np.nan]])}
    >>> year = ArcticYear(rain, days=np.array([31.0, 30.0]), months=np.array([10, 11]), n_lead=0)
    >>> indices_of(year, [INDEX_BY_NAME["annual_precipitation_mm"]])["annual_precipitation_mm"].tolist()
    [3.0, nan]
    """
    return {index.name: index.compute(year).astype(np.float32) for index in indices}
