"""Arctic years: which steps of a climate make up each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from entropice.derive.climate.seasons import Season, snow_season, thaw_season
from entropice.errors import FeatureError
from entropice.types import BoolArray, Dataset, Float32Array, FloatArray, IntArray
from entropice.units import ZERO_CELSIUS_K

UNIT_BY_STEP: Final = {"month": "M", "day": "D"}

Dates = np.ndarray[tuple[int], np.dtype[np.datetime64]]


@dataclass(frozen=True)
class ArcticYear:
    """The steps of one Arctic year, after those of the months before it that are looked at too: its lead.

    Attributes
    ----------
    fields
        Canonical variables by name, each of shape (n_lead + n_step, …).
    days
        Length of each step, shape (n_lead + n_step,).
    months
        Calendar month of each step, 1 to 12, shape (n_lead + n_step,).
    n_lead
        Steps before the year.
    """

    fields: Mapping[str, FloatArray | Float32Array]
    days: FloatArray
    months: IntArray
    n_lead: int

    def of(self, name: str, months: Sequence[int] = range(1, 13)) -> FloatArray:
        """A variable in the year's own steps that lie in some calendar months, float64, shape (n_chosen, …).

        In the order of the steps, whatever the order of the months; the lead is left out.

        Examples
        --------
        >>> days, months = np.array([30.0, 31.0, 30.0]), np.array([9, 10, 11])
        >>> year = ArcticYear({"tp": np.array([8.0, 1.0, 2.0])}, days, months, n_lead=1)
        >>> year.of("tp").tolist(), year.of("tp", months=(11, 9)).tolist(), year.days_of((10,)).tolist()
        ([1.0, 2.0], [2.0], [31.0])
        """
        chosen: FloatArray = self.fields[name][self.n_lead :][self._lie_in(months)].astype(np.float64)
        return chosen

    def days_of(self, months: Sequence[int] = range(1, 13)) -> FloatArray:
        """Lengths (days) of the year's own steps that lie in some calendar months (1 to 12), shape (n_chosen,).

        In the order of the steps; the lead is left out.
        """
        chosen: FloatArray = self.days[self.n_lead :][self._lie_in(months)]
        return chosen

    def celsius_of(self, months: Sequence[int] = range(1, 13)) -> FloatArray:
        """Air temperature at 2 m (°C), from ``t2m`` (K), as `of`: shape (n_chosen, …)."""
        return self.of("t2m", months) - ZERO_CELSIUS_K

    @cached_property
    def thaw(self) -> Season:
        """The thaw season, by ``t2m`` (K) of the year's own steps; arrays of shape (…).

        Onset and end in days since the year's start, length in days; NaN, NaN and 0 where it never thaws. See
        `entropice.derive.climate.seasons.thaw_season`.
        """
        return thaw_season(self.celsius_of(), self.days_of())

    @cached_property
    def snow(self) -> Season:
        """The snow season that holds the year's largest water equivalent, by ``sd`` (mm); arrays of shape (…).

        Onset, which may lie in the lead, and end in days since the year's start, length in days; NaN, NaN and 0 without
        snow. See `entropice.derive.climate.seasons.snow_season`.
        """
        return snow_season(self.fields["sd"].astype(np.float64), self.days, self.n_lead)

    def _lie_in(self, months: Sequence[int]) -> BoolArray:
        return np.isin(self.months[self.n_lead :], months)


def arctic_year(climate: Dataset, year: int, start_month: int, lead_months: int) -> ArcticYear:
    """Cut one Arctic year with its lead out of a climate on (time, …) that holds all of it (see `require_steps`).

    Variables keep their dtype and NaN; dims other than time keep the order of the first variable. Times ascend, without
    a gap in what is needed: that is not checked.

    Examples
    --------
    Arctic year 2020 from October on, and the month before it; February has 29 days.

    >>> import pandas as pd
    >>> import xarray as xr
    >>> months = pd.date_range("2019-01-01", "2020-12-01", freq="MS")
    >>> climate = xr.Dataset({"tp": ("time", np.arange(24.0))}, {"time": months}, {"step": "month"})
    >>> year = arctic_year(climate, 2020, start_month=10, lead_months=1)
    >>> year.fields["tp"][[0, -1]].tolist(), year.months[[0, -1]].tolist(), year.days[5].item(), year.n_lead
    ([8.0, 20.0], [9, 9], 29.0, 1)
    """
    needed = needed_steps(year, start_month, lead_months, climate.attrs["step"])
    first = int(np.searchsorted(dates(climate), needed[0]))
    window = climate.isel(time=slice(first, first + len(needed)))
    order = ("time", *places(climate))
    return ArcticYear(
        fields={str(name): field.transpose(*order).to_numpy() for name, field in window.data_vars.items()},
        # Lengths follow from the calendar: 28 to 31 days a month, leap years included, 1 of a day.
        days=(needed + 1).astype("datetime64[D]").astype(np.float64)
        - needed.astype("datetime64[D]").astype(np.float64),
        months=needed.astype("datetime64[M]").astype(np.int64) % 12 + 1,
        n_lead=int((needed < first_month(year, start_month)).sum()),
    )


def require_steps(present: Dates, step: str, lead_months_by_year: Mapping[int, int], start_month: int) -> None:
    """Refuse dates that lack any step of the Arctic years or of their leads.

    Parameters
    ----------
    present
        Months or days, as `step` says, of shape (n_step,), in any order.
    step
        "month" or "day".
    lead_months_by_year
        The Arctic years, one or more, and how many months before each are looked at.
    start_month
        In which an Arctic year begins, 1 to 12.

    Raises
    ------
    FeatureError
        Naming the first and last missing months, and what the years need.
    """
    years = lead_months_by_year.items()
    needed = np.unique(np.concatenate([needed_steps(year, start_month, lead, step) for year, lead in years]))
    missing = np.setdiff1d(needed, present).astype("datetime64[M]")
    if len(missing):
        raise FeatureError(
            f"The climate lacks months that Arctic years {min(years)[0]} to {max(years)[0]} need.",
            field="time",
            got=f"{step}s from {present.min()} to {present.max()}" if len(present) else "no time at all",
            expected=f"every {step} from {needed[0]} to {needed[-1]}",
            sample=[f"{missing[0]} to {missing[-1]}"],
            fix="request the missing months, narrow features.years, or shorten features.climate.history",
        )


def needed_steps(year: int, start_month: int, lead_months: int, step: str) -> Dates:
    """Every month or day of an Arctic year and its lead, ascending, datetime64[M] or [D] of shape (n_lead + n_step,).

    Examples
    --------
    >>> steps = needed_steps(2020, start_month=10, lead_months=1, step="month")
    >>> str(steps[0]), str(steps[-1]), len(steps)
    ('2019-09', '2020-09', 13)
    """
    first, end = first_month(year, start_month) - lead_months, first_month(year + 1, start_month)
    unit = f"datetime64[{UNIT_BY_STEP[step]}]"
    steps: Dates = np.arange(first.astype(unit), end.astype(unit), dtype=unit)
    return steps


def first_month(year: int, start_month: int) -> np.datetime64:
    """The month (datetime64[M]) in which Arctic year `year` begins: in the calendar year before, unless in January.

    Examples
    --------
    >>> str(first_month(2020, 10)), str(first_month(2020, 1))
    ('2019-10', '2020-01')
    """
    calendar_year = year if start_month == 1 else year - 1
    return np.datetime64(f"{calendar_year:04d}-{start_month:02d}", "M")


def places(climate: Dataset) -> tuple[str, ...]:
    """Every one of the dims but time, in the order of the first variable (a data set as a whole has none)."""
    first = next(iter(climate.data_vars.values()))
    return tuple(str(dimension) for dimension in first.dims if dimension != "time")


def dates(climate: Dataset) -> Dates:
    """The months or days (n_time,) of a climate on (time, …), datetime64[M] or [D] as its attribute ``step`` says.

    A time within a month or day stands for all of it.

    Examples
    --------
    >>> import xarray as xr
    >>> time = np.array(["2020-01-16T12", "2020-02-15T12"], dtype="datetime64[ns]")
    >>> dates(xr.Dataset(coords={"time": time}, attrs={"step": "month"})).astype(str).tolist()
    ['2020-01', '2020-02']
    """
    steps: Dates = climate["time"].to_numpy().astype(f"datetime64[{UNIT_BY_STEP[climate.attrs['step']]}]")
    return steps
