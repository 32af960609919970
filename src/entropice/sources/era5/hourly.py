"""Days from hourly ERA5, read where and when they are needed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.merge import merge
from entropice.sources.era5.plausible import require_plausible
from entropice.sources.era5.products import Product
from entropice.sources.era5.slices import BLOCK_BYTES, VariableSlice
from entropice.sources.era5.source import ClimateSource, require_variables
from entropice.sources.era5.sums import (
    NOTHING,
    OF_HOURS,
    SINCE_MIDNIGHT,
    SINCE_START,
    UNDECIDED,
    Course,
    course_of,
    formation,
    is_dry,
    joined,
)
from entropice.sources.era5.validity import Stamps
from entropice.sources.era5.variables import VARIABLES, Era5Variable
from entropice.types import BoolArray, Dataset, Float32Array, FloatArray
from entropice.units import HOURS_PER_DAY

logger = logging.getLogger(__name__)

EXTREMES_OF: Final = "t2m"
EXTREMES: Final = {"min": "minimum", "max": "maximum"}
MIN_MONTH: Final = 200_000
"""Hours of all places that are needed to judge a month of precipitation by itself: some hundred places."""
FIX_BY_FORMATION: Final = {
    OF_HOURS: "set `product: era5` (or era5_land_timeseries) for climate_file in the catalog, if that is what they are",
    SINCE_MIDNIGHT: "set `product: era5_land` for climate_file in the catalog, if that is what the files are",
    SINCE_START: "request hourly ERA5 from the Climate Data Store, in UTC, or take each hour's difference first",
    UNDECIDED: "give more days, with every hour of them, so that the sums can be seen to begin anew or not",
}
HOUR: Final = np.timedelta64(1, "h")
DAY: Final = np.timedelta64(1, "D")


@dataclass(frozen=True)
class HourlyClimate:
    """Days that can be read from hourly files; small, and no file is held open.

    Attributes
    ----------
    files
        The hourly files.
    first_day, last_day
        datetime64[D]; these and every day between are whole.
    """

    files: ClimateSource
    first_day: np.datetime64
    last_day: np.datetime64

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes, ascending, shape (n_lat,)."""
        return self.files.lat_deg

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes, ascending, shape (n_lon,); beyond 180 where the area crosses that meridian."""
        return self.files.lon_deg

    @property
    def rows_per_read(self) -> int:
        """Latitude rows that a file yields at once, whatever is asked for."""
        return self.files.rows_per_read

    @property
    def source(self) -> str:
        """What the days are made of, in words, such as ``ERA5-Land hourly``."""
        return _source_name(self.files)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the days, in the order of `VARIABLES`.

        After ``t2m``, the mean of the day, ``t2m_min`` and ``t2m_max`` follow.
        """
        return tuple(name for of_hours in self.files.variables for name in _names_of_days(of_hours))

    def read_days(self, first_day: np.datetime64, last_day: np.datetime64, rows: slice) -> Dataset:
        """Days of `files` as the function `read_days` gives them, errors too.

        `first_day` and `last_day` are both included, and lie within those of this climate.
        """
        return read_days(self.files, first_day, last_day, rows)


def hourly_climate(source: ClimateSource) -> HourlyClimate:
    """Find the whole days of hourly files.

    `source` is of hourly files; only their times are looked at, and no value is read.

    Raises
    ------
    SchemaError
        A required variable is missing, no day is whole, or hours are missing between the first whole day and the last.
    """
    require_variables(source)
    first, last = whole_days(source)
    logger.info("Hours of %s make whole days from %s to %s.", ", ".join(source.variables), first, last)
    return HourlyClimate(source, first, last)


def whole_days(source: ClimateSource) -> tuple[np.datetime64, np.datetime64]:
    """First and last day that every variable has whole, datetime64[D]; every day between is whole too.

    A day needs 24 stamps of a mean (00 to 23 UTC) and of a sum, which ends at its stamp (01 to 24 UTC); of sums since
    midnight the hours between tell that they are.

    Only times are looked at; no value is read.

    Raises
    ------
    SchemaError
        Times that are not of hours, no day that is whole, or hours that are missing between the first and the last.

    Examples
    --------
    Thirty hours hold one whole day of a mean:

    >>> from entropice.sources.era5.slices import in_memory
    >>> from entropice.sources.era5.source import source_from
    >>> hours = np.datetime64("2020-01-01", "ns") + np.arange(30) * HOUR
    >>> axes = {"time": hours, "lat": [70.0], "lon": [0.0]}
    >>> raw = xr.Dataset({"t2m": (tuple(axes), np.full((30, 1, 1), 273.0), {"units": "K"})}, axes)
    >>> [str(day) for day in whole_days(source_from({"hours": in_memory(raw)}, "era5"))]
    ['2020-01-01', '2020-01-01']
    """
    days = [_days_of(source, name) for name in source.variables]
    first, last = max(found[0] for found in days), min(found[-1] for found in days)
    for name, found in zip(source.variables, days, strict=True):
        missing = np.setdiff1d(np.arange(first, last + 1), found)
        if len(missing) or last < first:
            raise SchemaError(
                f"Hours of {name} are missing.",
                path=source.origin,
                field="time",
                got=f"{len(missing)} incomplete days between {first} and {last}",
                sample=missing.astype("datetime64[D]"),
                expected="every hour of every day",
                fix="request all 24 hours of these days and put them beside the others",
            )
    return first, last


def read_days(source: ClimateSource, first_day: np.datetime64, last_day: np.datetime64, rows: slice) -> Dataset:
    """Days of every variable, from their 24 hours.

    Parameters
    ----------
    source
        Hourly ERA5 or ERA5-Land.
    first_day, last_day
        datetime64[D], both included, within `whole_days`: the days of which every variable has 24 stamps.
    rows
        Of ``source.lat_deg``: what is read.

    Returns
    -------
    Dataset
        Dimensions (time, lat, lon), float32, units of `VARIABLES` (K, mm, J m-2, Pa, shares); sums are over the day;
        ``t2m_min`` and ``t2m_max`` are of the 24 hourly values. An hour that is NaN makes its day NaN. Attributes:
        ``source``, ``step`` ("day"), ``preliminary_steps`` (days with values of ERA5T). Beside the result, some blocks
        of hours of one variable are in memory.

    Raises
    ------
    InputFileError
        A file is damaged.
    SchemaError
        An impossible value, files that disagree, sums that are formed in another way than the product's are, or in a
        way that cannot be told, or a climate that is not plausible (`require_plausible`). Sums are judged by
        `formation` of all days together and, of water, of each calendar month with 200,000 known hours of all places or
        more; dry ones (`is_dry`) pass.

    Notes
    -----
    At the source a sum ends at its stamp: 00 UTC belongs to the day before. ERA5 sums over the hour; ERA5-Land since
    00 UTC, so that the stamp of the next midnight holds the whole day and nothing is subtracted.
    """
    days = np.arange(first_day, last_day + DAY, dtype="datetime64[D]")
    fields: dict[str, Float32Array] = {}
    is_preliminary = np.zeros(len(days), dtype=bool)
    for name in source.variables:
        of_variable, preliminary = _days_of_variable(source, VARIABLES[name], days, rows)
        fields |= of_variable
        is_preliminary |= preliminary
    climate = xr.Dataset(
        {name: (("time", "lat", "lon"), field, _described(name)) for name, field in fields.items()},
        coords={"time": days.astype("datetime64[ns]"), "lat": source.lat_deg[rows], "lon": source.lon_deg},
        attrs={
            "source": _source_name(source),
            "step": "day",
            "preliminary_steps": [str(day) for day in days[is_preliminary]],
        },
    )
    require_plausible(climate, source.origin)
    return climate


def _source_name(source: ClimateSource) -> str:
    return f"{source.product.name} hourly"


def _names_of_days(name: str) -> tuple[str, ...]:
    return (name, *(f"{name}_{extreme}" for extreme in EXTREMES)) if name == EXTREMES_OF else (name,)


def _days_of(source: ClimateSource, name: str) -> Stamps:
    """Days, datetime64[D], of which the files hold every stamp that is needed."""
    slices = source.slices_of(name)
    stamps = np.unique(np.concatenate([part.stamps for part in slices]))
    stamps = stamps[~np.isnat(stamps)]
    _require_hours(slices, stamps)
    hours = stamps.astype("datetime64[h]").astype(np.int64)
    of_day = (hours - VARIABLES[name].is_sum) // HOURS_PER_DAY
    days, n_hours = np.unique(of_day, return_counts=True)
    found = days[n_hours == HOURS_PER_DAY]
    if not len(found):
        raise SchemaError(
            f"No day of {name} is whole.",
            path=slices[0].origin,
            field="time",
            got=f"{len(stamps)} times{_spacing(stamps)}",
            expected="24 hours a day; a sum's 00 UTC belongs to the day before",
            fix="request all 24 hours of every day",
        )
    whole: Stamps = found.astype("datetime64[D]")
    return whole


def _spacing(stamps: Stamps) -> str:
    """How far apart most times are, in words."""
    if len(stamps) < 2:
        return ""
    return f", every {np.median(np.diff(stamps).astype(np.float64)) / 3600:g} hours"


def _require_hours(slices: Sequence[VariableSlice], stamps: Stamps) -> None:
    """Values of full hours, not of others, nor means over longer times."""
    averages = [part for part in slices if part.step_type.startswith("av")]
    if averages:
        raise SchemaError(
            "The climate file holds means over longer times, not hours.",
            path=averages[0].origin,
            field="GRIB_stepType",
            got=averages[0].step_type,
            expected="instant or accum",
            fix="name era5_monthly among the features of composition.yml, or request hourly data",
        )
    beside = stamps[stamps != stamps.astype("datetime64[h]")]
    if len(beside):
        raise SchemaError(
            "The times are not full hours.",
            path=slices[0].origin,
            field="time",
            got=f"{len(beside)} of {len(stamps)} times between two hours",
            sample=beside,
            expected="00, 01, … 23 UTC: of a mean its moment, of a sum its end",
            fix="move the times to the hours that the source gave the values, and write them as integers",
        )


def _days_of_variable(
    source: ClimateSource, variable: Era5Variable, days: Stamps, rows: slice
) -> tuple[dict[str, Float32Array], BoolArray]:
    """Statistics of one variable by name, and which days hold preliminary values."""
    slices = source.slices_of(variable.name)
    n_days = _days_per_block(slices, rows)
    before = _stamp_before(slices, days, rows) if variable.is_sum else None
    statistics, preliminary, courses = [], [], dict.fromkeys(np.unique(days.astype("datetime64[M]")), NOTHING)
    for first in range(0, len(days), n_days):
        block = days[first : first + n_days]
        hours, is_preliminary = _hours_of_days(slices, block, rows)
        preliminary.append(is_preliminary)
        statistics.append(_statistics(source.product, variable, hours))
        if variable.is_sum:
            for place, day in enumerate(block):
                courses[day.astype("datetime64[M]")] += course_of(hours[place : place + 1], before, variable.maximum)
                before = hours[place, -1]
    if variable.is_sum:
        _require_formation(source, variable, courses)
    return {
        name: np.concatenate([of_block[name] for of_block in statistics]) for name in statistics[0]
    }, np.concatenate(preliminary)


def _days_per_block(slices: Sequence[VariableSlice], rows: slice) -> int:
    """How many days are in memory at once; results do not depend on it."""
    n_points = len(slices[0].axes.lat_deg[rows]) * len(slices[0].axes.lon_deg)
    return max(1, BLOCK_BYTES // (4 * HOURS_PER_DAY * n_points))


def _stamp_before(slices: Sequence[VariableSlice], days: Stamps, rows: slice) -> Float32Array | None:
    """The sum that ends where the first day begins; None where no file holds it."""
    stamp = days[:1].astype("datetime64[s]")
    is_held = any(np.isin(stamp, part.stamps).all() for part in slices)
    return merge(slices, stamp, rows).values[0] if is_held else None


def _hours_of_days(slices: Sequence[VariableSlice], days: Stamps, rows: slice) -> tuple[Float32Array, BoolArray]:
    """Hours of whole days, shape (n_day, 24, n_row, n_lon), and which days hold preliminary ones."""
    is_sum = slices[0].variable.is_sum
    stamps = np.add.outer(days.astype("datetime64[s]"), (np.arange(HOURS_PER_DAY) + is_sum) * HOUR)
    merged = merge(slices, stamps.ravel(), rows)
    hours = merged.values.reshape(len(days), HOURS_PER_DAY, *merged.values.shape[1:])
    return hours, np.logical_or.reduce(merged.is_preliminary.reshape(len(days), HOURS_PER_DAY), axis=1)


def _statistics(product: Product, variable: Era5Variable, hours: Float32Array) -> dict[str, Float32Array]:
    if variable.is_sum and product.sums_since_midnight:
        return {variable.name: hours[:, -1].copy()}
    if variable.is_sum:
        # In float64: in float32 the last digits would depend on the order in which numpy adds.
        return {variable.name: hours.sum(axis=1, dtype=np.float64).astype(np.float32)}
    mean = hours.mean(axis=1, dtype=np.float64).astype(np.float32)
    extremes = (hours.min(axis=1), hours.max(axis=1)) if variable.name == EXTREMES_OF else ()
    return dict(zip(_names_of_days(variable.name), (mean, *extremes), strict=True))


def _require_formation(source: ClimateSource, variable: Era5Variable, courses: Mapping[np.datetime64, Course]) -> None:
    """All days together have to show how their sums are formed, and no month may show another way."""
    expected = SINCE_MIDNIGHT if source.product.sums_since_midnight else OF_HOURS
    whole = joined(courses.values())
    found = expected if is_dry(whole, variable.maximum) else formation(whole)
    judged = {
        month: course
        for month, course in courses.items()
        if variable.units == "mm" and course.n_hours >= MIN_MONTH and not is_dry(course, variable.maximum)
    }
    others = {month: way for month, course in judged.items() if (way := formation(course)) != expected}
    wrong = [way for way in (found, *others.values()) if way != expected]
    if wrong:
        raise SchemaError(
            f"The sums are not formed as those of {source.product.name}.",
            path=source.slices_of(variable.name)[0].origin,
            field=variable.name,
            got=f"sums {wrong[0]}",
            expected=f"sums {expected}",
            sample=others,
            fix=FIX_BY_FORMATION[wrong[0]],
        )


def _described(name: str) -> dict[str, str]:
    base, _, extreme = name.partition("_")
    statistic = EXTREMES.get(extreme, "sum" if VARIABLES[base].is_sum else "mean")
    return {
        "units": VARIABLES[base].units,
        "long_name": f"{VARIABLES[base].describes}, daily {statistic}",
        "cell_methods": f"time: {statistic}",
    }
