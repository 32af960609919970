"""Simple forecasts of the years after one, as departures from what is usual; what a network is compared with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.derive.climate.departures import UsualYears
from entropice.types import Float32Array, FloatArray, IntArray

NETWORK: Final = "network"
LAW: Final = "law"
REMEMBERED_YEARS: Final = 6


@dataclass(frozen=True, eq=False)
class YearlyRecord:
    """What is known of the past.

    Attributes
    ----------
    years
        Ascending, one after the other.
    values
        (n_year, n_index, n_cell) of every index, in its unit.
    usual
        Lines through years that may be learned from.
    """

    years: IntArray
    values: FloatArray
    usual: UsualYears

    def place(self, year: int) -> int:
        """Place of a year in the record, from 0; years beyond it are counted on, and earlier ones are negative."""
        return year - int(self.years[0])

    def departures(self, years: Sequence[int]) -> Float32Array:
        """Departures (n, n_index, n_cell), float32, of some years, in standard deviations from what is usual.

        ``(value − usual) / spread``, usual and spread being those of the line of the index and cell. NaN of years after
        the record; none of them may lie before it. 0 of an index in which no year departs, as `UsualYears.departures`
        says.

        Examples
        --------
        Usual is 10 with a spread of 2; of 2021 nothing is known.

        >>> usual = UsualYears(np.array([[10.0]]), np.array([[0.0]]), np.array([[2.0]]), middle_year=2020.0)
        >>> record = YearlyRecord(np.array([2019, 2020]), np.array([[[10.0]], [[14.0]]]), usual)
        >>> record.departures([2020, 2021]).tolist()
        [[[2.0]], [[nan]]]
        """
        asked = np.asarray(years)
        is_there = asked <= self.years[-1]
        # Years after the record are no error: the last forecasts reach beyond it, and nothing is known of these years.
        found = np.full((len(asked), *self.values.shape[1:]), np.nan, dtype=np.float32)
        known = asked[is_there]
        found[is_there] = self.usual.departures(self.values[known - self.years[0]])
        return found


@dataclass(frozen=True)
class SimpleForecast:
    """One way to forecast without learning.

    Those there are (`SIMPLE_FORECASTS`): ``persistence`` (the departure of the year itself), ``damped_persistence``
    (half of that plus half of the mean departure of the known ones among the last six years, the year itself among
    them), ``trend`` (the line of `UsualYears` goes on) and ``climatology`` (0, the mean).

    Attributes
    ----------
    name, title
        In tables, and for people.
    said
        Departures (n_horizon, n_index, n_cell), float32, for the years after one, from a record up to it: takes record,
        year and number of horizons; NaN where the year itself is unknown.
    """

    name: str
    title: str
    said: Callable[[YearlyRecord, int, int], Float32Array]


def _persistence(record: YearlyRecord, issued: int, n_horizons: int) -> Float32Array:
    return np.repeat(record.departures([issued]), n_horizons, axis=0)


def _damped_persistence(record: YearlyRecord, issued: int, n_horizons: int) -> Float32Array:
    """Halfway from the last year to the mean of the known ones of the last `REMEMBERED_YEARS`."""
    past = record.departures(range(max(issued + 1 - REMEMBERED_YEARS, int(record.years[0])), issued + 1))
    n_known = np.maximum(np.isfinite(past).sum(axis=0), 1)
    return np.repeat([(past[-1] + np.nansum(past, axis=0) / n_known) / 2], n_horizons, axis=0).astype(np.float32)


def _trend(record: YearlyRecord, issued: int, n_horizons: int) -> Float32Array:
    """The line itself; unknown where the last year is, as of every other forecast."""
    line = record.usual.departures(record.usual.line(ahead_of(issued, n_horizons)))
    return np.where(np.isnan(record.departures([issued])), np.float32(np.nan), line)


def _climatology(record: YearlyRecord, issued: int, n_horizons: int) -> Float32Array:
    """The mean of the years that may be learned from, from which nothing departs."""
    return np.repeat(np.float32(0) * record.departures([issued]), n_horizons, axis=0)


SIMPLE_FORECASTS: Final[tuple[SimpleForecast, ...]] = (
    SimpleForecast("persistence", "The last year comes again", _persistence),
    SimpleForecast(
        "damped_persistence",
        f"The last year, halfway back to the mean of {REMEMBERED_YEARS}",
        _damped_persistence,
    ),
    SimpleForecast("trend", "Each cell's line goes on", _trend),
    SimpleForecast("climatology", "The mean of the years learned from", _climatology),
)

TITLES: Final[Mapping[str, str]] = {
    NETWORK: "the network",
    **{each.name: each.title for each in SIMPLE_FORECASTS},
    LAW: "The law itself, drawn from what is known",
}


def ahead_of(issued: int, n_horizons: int) -> IntArray:
    """The years (n_horizon,) after one.

    Examples
    --------
    >>> ahead_of(2020, 3).tolist()
    [2021, 2022, 2023]
    """
    return np.arange(issued + 1, issued + 1 + n_horizons)
