"""Yearly climate indices from days that are read piece by piece: one Arctic year and band of latitudes at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import xarray as xr

from entropice.derive.climate.history import Derived, looked_at
from entropice.derive.climate.indices import INDEX_BY_NAME, Index, lead_of
from entropice.derive.climate.monthly import indices_of
from entropice.derive.climate.years import Dates, arctic_year, needed_steps, require_steps
from entropice.tiles.plan import Arrays, Tile, TilePlan
from entropice.types import Dataset, FloatArray
from entropice.units import HOURS_PER_DAY

BYTES_PER_VALUE: Final = 16
"""Of a band at its peak, for each variable, day and point: the days, and what seasons are found with."""
READER_BYTES: Final = 1 << 28
"""Of hours on their way to days."""


class DailyClimate(Protocol):
    """Days that can be read; small, for it travels to workers."""

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes of the grid (degrees), ascending, shape (n_lat,)."""

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes of the grid (degrees), ascending, shape (n_lon,)."""

    @property
    def first_day(self) -> np.datetime64:
        """The first day, datetime64[D]; it and all days to the last, included, can be read."""

    @property
    def last_day(self) -> np.datetime64:
        """The last day that can be read, datetime64[D]."""

    @property
    def source(self) -> str:
        """What the data dictionary calls the source."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Canonical names of the variables that every day has, such as ``t2m``."""

    def read_days(self, first_day: np.datetime64, last_day: np.datetime64, rows: slice) -> Dataset:
        """Canonical climate of days, both ends included, on some rows of the latitude axis: dims (time, lat, lon).

        The rows are those of the slice of `lat_deg`; one variable for each of `variables`. One step a day, ascending;
        NaN is unknown. Attributes ``source`` and ``step`` ("day").
        """
        ...


@dataclass(frozen=True)
class YearlyWork:
    """What every band needs.

    Attributes
    ----------
    needed
        Names of the indices that anything looks at, by Arctic year, ascending.
    rows
        Of the latitude axis: those that reach into cells.
    """

    climate: DailyClimate
    needed: Mapping[int, tuple[str, ...]]
    start_month: int
    rows: slice

    def indices(self, year: int) -> list[Index]:
        """The indices (n_index,) that are looked at of an Arctic year, in the order of `needed`.

        Raises
        ------
        KeyError
            A year that nothing needs.
        """
        return [INDEX_BY_NAME[name] for name in self.needed[year]]

    def days(self, year: int) -> Dates:
        """The days of an Arctic year and its lead, ascending, datetime64[D] of shape (n_lead + n_step,).

        Raises
        ------
        KeyError
            A year that nothing needs.

        Examples
        --------
        Snow looks back three months beyond the 366 days of 2020.

        >>> work = YearlyWork(None, {2020: ("snow_onset_d", "thaw_onset_d")}, start_month=10, rows=slice(0, 2))
        >>> days = work.days(2020)
        >>> str(days[0]), str(days[-1]), len(days) - 366
        ('2019-07-01', '2020-09-30', 92)
        """
        return needed_steps(year, self.start_month, lead_of(self.indices(year)), "day")


@dataclass(frozen=True)
class Band:
    """One Arctic year on the rows `first_row` to `last_row` of the latitude axis, both included."""

    year: int
    first_row: int
    last_row: int

    @property
    def rows(self) -> slice:
        """The band's rows of the latitude axis, as a slice."""
        return slice(self.first_row, self.last_row + 1)


def yearly_work(
    climate: DailyClimate, features: Iterable[Derived], years: Sequence[int], start_month: int, rows: slice
) -> YearlyWork:
    """What has to be known of which Arctic year for the features of the label years.

    Parameters
    ----------
    climate
        Days that can be read; only its first and last day are looked at now.
    features, years
        As of `looked_at`: features, and label years (n_years,).
    start_month
        In which an Arctic year begins, 1 to 12.
    rows
        Of the latitude axis, those that reach into cells.

    Returns
    -------
    YearlyWork
        With the names of the indices that are looked at, by Arctic year, ascending.

    Raises
    ------
    FeatureError
        A day that the Arctic years need is missing; naming its month.
    """
    needed = looked_at(features, years)
    leads = {year: lead_of(indices) for year, indices in needed.items()}
    require_steps(np.arange(climate.first_day, climate.last_day + 1), "day", leads, start_month)
    names = {year: tuple(index.name for index in indices) for year, indices in needed.items()}
    return YearlyWork(climate, names, start_month, rows)


def climate_plan(work: YearlyWork, rows_per_block: int) -> TilePlan:
    """One tile for each Arctic year and band of so many rows, year by year; results do not depend on how many.

    `rows_per_block` is 1 or more; the last band of a year may be narrower. Each is done by `band_indices` and called
    ``<year>_r<first row>``; nothing is read yet. Its cost is 24 hours × days × points × variables, its memory 16 bytes
    a day, point and variable, and 256 MiB for the reader.
    """
    first, end, _ = work.rows.indices(len(work.climate.lat_deg))
    bands = [
        Band(year, row, min(row + rows_per_block, end) - 1)
        for year in work.needed
        for row in range(first, end, rows_per_block)
    ]
    return TilePlan(
        "Climate of the Arctic years",
        band_indices,
        work,
        tuple(_tile(work, band) for band in bands),
        "lower features.climate.rows_per_block",
    )


def band_indices(work: YearlyWork, band: Band) -> Arrays:
    """The indices of one Arctic year that anything looks at, on a band of rows.

    Returns
    -------
    Arrays
        ``year``, ``rows`` (first and last, both included, of the whole latitude axis), and by name of the index float32
        of shape (n_row, n_lon); NaN where a day that the index needs is.
    """
    days, indices = work.days(band.year), work.indices(band.year)
    climate = work.climate.read_days(days[0], days[-1], band.rows)
    year = arctic_year(climate, band.year, work.start_month, lead_of(indices))
    return {
        "year": np.array(band.year),
        "rows": np.array([band.first_row, band.last_row]),
        **indices_of(year, indices),
    }


def join_bands(bands: Iterable[Arrays], work: YearlyWork) -> Dataset:
    """Lay the bands of a plan together: indices on (year, lat, lon), float32, NaN in years that need them not.

    Bands, in any order, are as `band_indices` makes them. Latitudes are those of the work's rows; a row that no band
    holds stays NaN. Attributes ``source`` and ``step``.
    """
    climate, years = work.climate, list(work.needed)
    first, end, _ = work.rows.indices(len(climate.lat_deg))
    shape = (len(years), end - first, len(climate.lon_deg))
    names = {name for of_year in work.needed.values() for name in of_year}
    values = {name: np.full(shape, np.nan, dtype=np.float32) for name in sorted(names)}
    for band in bands:
        row_first, row_last = (int(row) - first for row in band["rows"])
        place = years.index(int(band["year"]))
        for name in work.needed[years[place]]:
            values[name][place, row_first : row_last + 1] = band[name]
    return xr.Dataset(
        {name: (("year", "lat", "lon"), of_years) for name, of_years in values.items()},
        {"year": np.array(years, dtype=np.int64), "lat": climate.lat_deg[first:end], "lon": climate.lon_deg},
        {"source": climate.source, "step": "day"},
    )


def _tile(work: YearlyWork, band: Band) -> Tile:
    n_points = (band.last_row - band.first_row + 1) * len(work.climate.lon_deg)
    n_values = len(work.days(band.year)) * n_points * len(work.climate.variables)
    return Tile(
        f"{band.year}_r{band.first_row}", band, n_values * HOURS_PER_DAY, n_values * BYTES_PER_VALUE + READER_BYTES
    )
