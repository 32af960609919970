"""Climate indices per Arctic year, on any grid: arithmetic along time only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import FeatureError
from entropice.types import DataArray, Dataset, IntArray
from entropice.units import ZERO_CELSIUS_K

MONTHS_PER_YEAR: Final = 12
SUMMER_MONTHS: Final = (6, 7, 8)
ANOMALY_OF: Final = {
    "thawing_degree_days_c_d": "thawing_degree_days_anomaly_c_d",
    "summer_precipitation_mm": "summer_precipitation_anomaly_mm",
}


def thawing_degree_days(months: Dataset) -> DataArray:
    """Sum over the year of month mean (°C) × days, warm months only; °C d, never negative.

    Notes
    -----
    Monthly approximation: days of the other sign within a month are not counted. It errs most in the months around
    0 °C. Degree days as in Nelson and Outcalt (1987), Arctic and Alpine Research 19:279, doi:10.2307/1551363.
    """
    return _year_sum(_celsius(months).clip(min=0) * _days(months))


def freezing_degree_days(months: Dataset) -> DataArray:
    """Sum over the year of −month mean (°C) × days, cold months only; °C d, never negative.

    Notes
    -----
    The counterpart of `thawing_degree_days`: thawing minus freezing degree days is the year's mean × its days.
    """
    return _year_sum((-_celsius(months)).clip(min=0) * _days(months))


def frost_number(months: Dataset) -> DataArray:
    """√F / (√F + √T) of freezing and thawing degree days: 0 without frost, 1 without thaw.

    Notes
    -----
    Nelson and Outcalt (1987), Arctic and Alpine Research 19:279, doi:10.2307/1551363, the air frost number.
    """
    frost, thaw = freezing_degree_days(months) ** 0.5, thawing_degree_days(months) ** 0.5
    ratio: DataArray = frost / (frost + thaw)
    return ratio


def summer_temperature(months: Dataset) -> DataArray:
    """Mean of June, July and August, weighted by their days; °C."""
    summer = _summer(months)
    return _year_sum(_celsius(summer) * _days(summer)) / _year_sum(_days(summer))


def summer_precipitation(months: Dataset) -> DataArray:
    """Sum of June, July and August; mm."""
    return _year_sum(_summer(months)["tp"])


def snowfall(months: Dataset) -> DataArray:
    """Sum over the year; mm of water equivalent."""
    return _year_sum(months["sf"])


def max_snow_water_equivalent(months: Dataset) -> DataArray:
    """Largest monthly mean of the year; mm of water equivalent."""
    largest: DataArray = months["sd"].groupby("year").max("time", skipna=False)
    return largest


@dataclass(frozen=True)
class Index:
    """A climate index and how it is described."""

    compute: Callable[[Dataset], DataArray]
    variable: str
    units: str
    statistic: str
    long_name: str


INDICES: Final = {
    "thawing_degree_days_c_d": Index(
        thawing_degree_days, "t2m", "degC d", "sum over the Arctic year", "thawing degree days"
    ),
    "freezing_degree_days_c_d": Index(
        freezing_degree_days, "t2m", "degC d", "sum over the Arctic year", "freezing degree days"
    ),
    "frost_number": Index(frost_number, "t2m", "1", "ratio of Arctic-year sums", "air frost number"),
    "summer_temperature_mean_c": Index(
        summer_temperature, "t2m", "degC", "mean over June to August", "summer air temperature at 2 m"
    ),
    "summer_precipitation_mm": Index(
        summer_precipitation, "tp", "mm", "sum over June to August", "summer precipitation"
    ),
    "snowfall_mm": Index(snowfall, "sf", "mm", "sum over the Arctic year", "snowfall in water equivalent"),
    "snow_water_equivalent_max_mm": Index(
        max_snow_water_equivalent,
        "sd",
        "mm",
        "largest month of the Arctic year",
        "snow on the ground in water equivalent",
    ),
}


def climate_indices(climate: Dataset, years: Sequence[int], start_month: int) -> Dataset:
    """Indices of the Arctic years that end in the label years, and anomalies to all complete years before each.

    Arctic year y runs from `start_month` of y − 1 to the month before it in y (January starts the calendar year y), so
    no value depends on a month after year y, and no anomaly on a year after y.

    Parameters
    ----------
    climate
        Monthly ``t2m`` (K), ``tp``, ``sf``, ``sd`` (mm) on (time, …), as from ``sources.era5.normalise_monthly``.
    years
        Label years.

    Returns
    -------
    Dataset
        Variables of `INDICES` and `ANOMALY_OF` on (year, …). NaN in any month the index needs makes it NaN.

    Raises
    ------
    FeatureError
        A label year whose Arctic year is not complete, or that no complete year precedes.
    """
    labelled = climate.assign_coords(year=("time", arctic_years(climate["time"], start_month)))
    complete = _complete_years(labelled["year"].values)
    _require_years(labelled, complete, years, start_month)
    months = labelled.isel(time=np.isin(labelled["year"].values, complete))
    indices = {name: _described(index, months) for name, index in INDICES.items()}
    anomalies = {anomaly: _anomaly(indices[name]) for name, anomaly in ANOMALY_OF.items()}
    return xr.Dataset({**indices, **anomalies}).sel(year=list(years))


def arctic_years(time: DataArray, start_month: int) -> IntArray:
    """The year in which each month's Arctic year ends."""
    starts_next = (time.dt.month >= start_month) & (start_month > 1)
    years: IntArray = (time.dt.year + starts_next).to_numpy().astype(np.int64)
    return years


def anomaly_to_preceding(values: DataArray) -> DataArray:
    """Each year minus the mean of all years before it; NaN in the first year.

    Parameters
    ----------
    values
        On ``year`` (ascending) and any other dimensions; a NaN year makes all later anomalies NaN.
    """
    n_before = xr.DataArray(np.arange(values.sizes["year"]), dims="year")
    before = values.cumsum("year", skipna=False).shift(year=1) / n_before.where(n_before > 0)
    return values - before


def _anomaly(index: DataArray) -> DataArray:
    return anomaly_to_preceding(index).assign_attrs(
        index.attrs,
        statistic=f"{index.attrs['statistic']}, minus the mean of the years before",
        long_name=f"{index.attrs['long_name']}, anomaly",
    )


def _described(index: Index, months: Dataset) -> DataArray:
    return (
        index.compute(months)
        .drop_attrs()
        .assign_attrs(
            units=index.units,
            source=months.attrs["source"],
            statistic=index.statistic,
            long_name=index.long_name,
        )
    )


def _complete_years(years: IntArray) -> IntArray:
    unique, n_months = np.unique(years, return_counts=True)
    complete: IntArray = unique[n_months == MONTHS_PER_YEAR]
    return complete


def _require_years(climate: Dataset, complete: IntArray, years: Sequence[int], start_month: int) -> None:
    missing = [year for year in years if year not in complete[1:]]
    if missing:
        months = np.sort(climate["time"].values).astype("datetime64[M]")
        raise FeatureError(
            f"The climate does not cover label year {', '.join(map(str, missing))} and one Arctic year before.",
            field=", ".join(sorted({index.variable for index in INDICES.values()})),
            got=f"months {months[0]} to {months[-1]}",
            expected=f"every month from {_first_month(min(missing) - 1, start_month)} to "
            f"{_first_month(max(missing) + 1, start_month) - 1}",
            fix="request the missing months, or narrow features.years",
        )


def _first_month(year: int, start_month: int) -> np.datetime64:
    calendar_year = year if start_month == 1 else year - 1
    return np.datetime64(f"{calendar_year}-{start_month:02d}", "M")


def _celsius(months: Dataset) -> DataArray:
    return months["t2m"] - ZERO_CELSIUS_K


def _days(months: Dataset) -> DataArray:
    return months["time"].dt.days_in_month


def _summer(months: Dataset) -> Dataset:
    return months.isel(time=months["time"].dt.month.isin(SUMMER_MONTHS).values)


def _year_sum(values: DataArray) -> DataArray:
    return values.groupby("year").sum("time", skipna=False)
