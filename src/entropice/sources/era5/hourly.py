"""Days from hourly ERA5, read where and when they are needed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.merge import merge
from entropice.sources.era5.slices import BLOCK_BYTES, VariableSlice
from entropice.sources.era5.source import ClimateSource, require_variables
from entropice.sources.era5.validity import Stamps
from entropice.sources.era5.variables import VARIABLES, Era5Variable
from entropice.types import BoolArray, Dataset, Float32Array, FloatArray

logger = logging.getLogger(__name__)

HOURS_PER_DAY: Final = 24
EXTREMES_OF: Final = "t2m"
EXTREMES: Final = {"min": "minimum", "max": "maximum"}
TRACE: Final = 1e-3
"""Of the largest sum there can be: less is packing."""
N_WET_DAYS: Final = 100
"""Days of rain or sun at a point that are needed to tell how sums are formed."""
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
        """Latitudes, ascending."""
        return self.files.lat_deg

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes, ascending; beyond 180 where the area crosses that meridian."""
        return self.files.lon_deg

    @property
    def rows_per_read(self) -> int:
        """Latitude rows that a file yields at once, whatever is asked for."""
        return self.files.rows_per_read

    @property
    def source(self) -> str:
        """What the days are made of."""
        return _source_name(self.files)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the days."""
        return tuple(name for of_hours in self.files.variables for name in _names_of_days(of_hours))

    def read_days(self, first_day: np.datetime64, last_day: np.datetime64, rows: slice) -> Dataset:
        """As `read_days`."""
        return read_days(self.files, first_day, last_day, rows)


def hourly_climate(source: ClimateSource) -> HourlyClimate:
    """Find the whole days of hourly files.

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

    A day needs 24 stamps of a mean (00 to 23 UTC) and of a sum over the hour before the stamp (01 to 24 UTC), and one
    of a sum since midnight (24 UTC, that is 00 UTC of the next day).

    Raises
    ------
    SchemaError
        No day is whole, or hours are missing between the first and the last.
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
        datetime64[D], both included, within `whole_days`.
    rows
        Of ``source.lat_deg``: what is read.

    Returns
    -------
    Dataset
        Dimensions (time, lat, lon), float32, units of the table; sums are over the day; ``t2m_min`` and ``t2m_max``
        are of the 24 hourly values. An hour that is NaN makes its day NaN. Attributes: ``source``, ``step`` ("day"),
        ``preliminary_steps`` (days with values of ERA5T). Beside the result, some blocks of hours of one variable
        are in memory.

    Raises
    ------
    InputFileError
        A file is damaged.
    SchemaError
        An impossible value, files that disagree, or sums that are formed in another way than the product's are.

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
    return xr.Dataset(
        {name: (("time", "lat", "lon"), field, _described(name)) for name, field in fields.items()},
        coords={"time": days.astype("datetime64[ns]"), "lat": source.lat_deg[rows], "lon": source.lon_deg},
        attrs={
            "source": _source_name(source),
            "step": "day",
            "preliminary_steps": [str(day) for day in days[is_preliminary]],
        },
    )


def _source_name(source: ClimateSource) -> str:
    return f"{source.product.name} hourly"


def _names_of_days(name: str) -> tuple[str, ...]:
    return (name, *(f"{name}_{extreme}" for extreme in EXTREMES)) if name == EXTREMES_OF else (name,)


def _days_of(source: ClimateSource, name: str) -> Stamps:
    """Days, datetime64[D], of which the files hold every stamp that is needed."""
    stamps = np.unique(np.concatenate([part.stamps for part in source.slices_of(name)]))
    hours = stamps[~np.isnat(stamps)].astype("datetime64[h]").astype(np.int64)
    if _sums_since_midnight(source, VARIABLES[name]):
        found = hours[hours % HOURS_PER_DAY == 0] // HOURS_PER_DAY - 1
    else:
        of_day = (hours - VARIABLES[name].is_sum) // HOURS_PER_DAY
        days, n_hours = np.unique(of_day, return_counts=True)
        found = days[n_hours == HOURS_PER_DAY]
    if not len(found):
        raise SchemaError(
            f"No day of {name} is whole.",
            path=source.slices_of(name)[0].origin,
            field="time",
            got=f"{len(stamps)} times",
            expected="24 hours a day; a sum's 00 UTC belongs to the day before",
            fix="request all 24 hours of every day",
        )
    whole: Stamps = found.astype("datetime64[D]")
    return whole


def _sums_since_midnight(source: ClimateSource, variable: Era5Variable) -> bool:
    return variable.is_sum and source.product.sums_since_midnight


def _days_of_variable(
    source: ClimateSource, variable: Era5Variable, days: Stamps, rows: slice
) -> tuple[dict[str, Float32Array], BoolArray]:
    """Statistics of one variable by name, and which days hold preliminary values."""
    slices = source.slices_of(variable.name)
    n_days = _days_per_block(slices, rows)
    reduce = _sums_at_midnight if _sums_since_midnight(source, variable) else _hours_of_days
    blocks = [reduce(slices, days[first : first + n_days], rows) for first in range(0, len(days), n_days)]
    statistics = {name: np.concatenate([fields[name] for fields, _ in blocks]) for name in blocks[0][0]}
    return statistics, np.concatenate([is_preliminary for _, is_preliminary in blocks])


def _days_per_block(slices: Sequence[VariableSlice], rows: slice) -> int:
    """How many days are in memory at once; results do not depend on it."""
    n_points = len(slices[0].axes.lat_deg[rows]) * len(slices[0].axes.lon_deg)
    return max(1, BLOCK_BYTES // (4 * HOURS_PER_DAY * n_points))


def _hours_of_days(
    slices: Sequence[VariableSlice], days: Stamps, rows: slice
) -> tuple[dict[str, Float32Array], BoolArray]:
    variable = slices[0].variable
    stamps = np.add.outer(days.astype("datetime64[s]"), (np.arange(HOURS_PER_DAY) + variable.is_sum) * HOUR)
    merged = merge(slices, stamps.ravel(), rows)
    hours = merged.values.reshape(len(days), HOURS_PER_DAY, *merged.values.shape[1:])
    is_preliminary = np.logical_or.reduce(merged.is_preliminary.reshape(len(days), HOURS_PER_DAY), axis=1)
    if variable.is_sum:
        _refuse_growing_sums(slices, hours)
        return {variable.name: hours.sum(axis=1, dtype=np.float64).astype(np.float32)}, is_preliminary
    mean = hours.mean(axis=1, dtype=np.float64).astype(np.float32)
    extremes = (hours.min(axis=1), hours.max(axis=1)) if variable.name == EXTREMES_OF else ()
    return dict(zip(_names_of_days(variable.name), (mean, *extremes), strict=True)), is_preliminary


def _sums_at_midnight(
    slices: Sequence[VariableSlice], days: Stamps, rows: slice
) -> tuple[dict[str, Float32Array], BoolArray]:
    _require_growing_sums(slices, days[0], rows)
    merged = merge(slices, (days + DAY).astype("datetime64[s]"), rows)
    return {slices[0].variable.name: merged.values}, merged.is_preliminary


def _refuse_growing_sums(slices: Sequence[VariableSlice], hours: Float32Array) -> None:
    """Sums over the hour do not grow all day long at every point; sums since midnight do."""
    days, rows, columns = np.nonzero(hours[:, -1] > TRACE * slices[0].variable.maximum)
    wet = hours[days[:N_WET_DAYS], :, rows[:N_WET_DAYS], columns[:N_WET_DAYS]]
    if len(wet) == N_WET_DAYS and (np.diff(wet, axis=1) >= 0).all():
        raise SchemaError(
            "The sums grow from hour to hour all day: they are since midnight, not over the hour.",
            path=slices[0].origin,
            field=slices[0].variable.name,
            expected="sums over the hour before each stamp",
            fix="set `product: era5_land` for climate_file in the catalog, if that is what the files are",
        )


def _require_growing_sums(slices: Sequence[VariableSlice], day: np.datetime64, rows: slice) -> None:
    """Sums since midnight never shrink between 01 and 24 UTC; looked at on one day of each block."""
    stamps = day.astype("datetime64[s]") + np.arange(1, HOURS_PER_DAY + 1) * HOUR
    present = stamps[np.isin(stamps, np.concatenate([part.stamps for part in slices]))]
    values = merge(slices, present, rows).values
    if (np.diff(values, axis=0) < -TRACE * slices[0].variable.maximum).any():
        raise SchemaError(
            "The sums shrink during a day: they are not since midnight.",
            path=slices[0].origin,
            field=slices[0].variable.name,
            sample=[day],
            expected="sums since 00 UTC, as in ERA5-Land's hourly files",
            fix="set `product: era5` (or era5_land_timeseries) for climate_file in the catalog",
        )


def _described(name: str) -> dict[str, str]:
    base, _, extreme = name.partition("_")
    statistic = EXTREMES.get(extreme, "sum" if VARIABLES[base].is_sum else "mean")
    return {
        "units": VARIABLES[base].units,
        "long_name": f"{VARIABLES[base].describes}, daily {statistic}",
        "cell_methods": f"time: {statistic}",
    }
