"""When the values of a field are valid: from whichever times its file gives."""

from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from xarray.coders import CFDatetimeCoder

from entropice.errors import SchemaError
from entropice.types import DataArray

START: Final = "forecast_reference_time"
HOUR_S: Final = 3600
EXAMPLE: Final = "datetimes, `date` as yyyymmdd, or a forecast's start and its step"
TIME_NAMES: Final = ("valid_time", "time", "date", START)

Stamps = NDArray[np.datetime64]


def has_time(field: DataArray) -> bool:
    """Whether a field says anything of when it is valid.

    It does where a coordinate is called ``valid_time``, ``time``, ``date`` or ``forecast_reference_time``, or has the
    standard name ``time``. No time is read or checked.
    """
    said = (name in TIME_NAMES or value.attrs.get("standard_name") == "time" for name, value in field.coords.items())
    return any(said)


def validity(field: DataArray) -> DataArray:
    """The times at which the values of a field are valid.

    They are, in this order: ``valid_time`` or whatever has the standard name ``time``; ``time``, unless that is when a
    forecast starts; ``date`` (yyyymmdd) with or without ``time`` (hhmm); the start of the forecast plus its ``step``.

    Parameters
    ----------
    field
        With every time of its file among its coordinates.

    Returns
    -------
    DataArray
        datetime64[s] over none, one or two of the field's dimensions, never NaT. Times that are stored as floats are
        moved to the full hour where that is no further than `spacing_s`, if that is below half an hour.

    Raises
    ------
    SchemaError
        No time, one in another calendar, without a unit or unknown, or only the start of a forecast.

    Examples
    --------
    >>> dates = xr.DataArray([20200131, 20200201], dims="date")
    >>> field = xr.DataArray([1.0, 2.0], coords={"date": dates}, dims="date")
    >>> validity(field).values.astype(str).tolist()
    ['2020-01-31T00:00:00', '2020-02-01T00:00:00']
    """
    times = _times(field)
    stamps = times.copy(data=_to_seconds(times))
    unknown = np.isnat(stamps.to_numpy())
    if unknown.any():
        raise SchemaError(
            "Some times are unknown.",
            field=str(times.name),
            got=f"{np.count_nonzero(unknown)} of {unknown.size} missing",
            expected="a time for every field",
            fix="download the file again",
        )
    return stamps


def _times(field: DataArray) -> DataArray:
    coordinates = {str(name): value for name, value in field.coords.items()}
    standard = {name: value.attrs.get("standard_name") for name, value in coordinates.items()}
    valid = [name for name in coordinates if name == "valid_time" or (standard[name] == "time" and name != "time")]
    if valid:
        return _datetimes(coordinates[max(valid, key="valid_time".__eq__)])
    if "date" in coordinates and not _is_datetime(coordinates.get("time")):
        return _dated(coordinates["date"], coordinates.get("time"))
    start = next((value for name, value in coordinates.items() if standard[name] == START or name == START), None)
    plain = coordinates.get("time", coordinates.get("date"))
    if start is None and plain is not None and (standard.get("time") == "time" or not _has_lead(coordinates)):
        return _datetimes(plain)
    if start is None:
        start = plain
    if start is None or "step" not in coordinates:
        raise _no_time(field, start)
    return _after_start(_datetimes(start), coordinates["step"])


def _is_datetime(times: DataArray | None) -> bool:
    return times is not None and np.issubdtype(times.dtype, np.datetime64)


def _has_lead(coordinates: dict[str, DataArray]) -> bool:
    """Whether the file tells of steps after the start of a forecast."""
    step = coordinates.get("step")
    return step is not None and bool((step.to_numpy().astype("float64") != 0).any())


def _after_start(start: DataArray, step: DataArray) -> DataArray:
    if not np.issubdtype(step.dtype, np.timedelta64):
        raise SchemaError(
            "The step of the forecast has no unit.",
            field="step",
            got=f"{step.dtype} values",
            expected="a duration, e.g. units hours",
            sample=np.atleast_1d(step.to_numpy()),
            fix="write the unit of step, or request NetCDF with valid_time",
        )
    return (start + step).rename("time")


def _datetimes(times: DataArray) -> DataArray:
    """As they are, or read from numbers and texts like 20200131, 20200131.25 and 2020-01-31T06."""
    if _is_datetime(times):
        return times
    values = times.to_numpy()
    if values.dtype.kind == "O" and values.size and hasattr(values.flat[0], "calendar"):
        raise SchemaError(
            "The time axis is not in the Gregorian calendar.",
            field="time",
            got=values.flat[0].calendar,
            expected="dates of the standard calendar",
            sample=values.ravel()[:3],
            fix="ERA5 has real dates; this is another model's output",
        )
    return _dated(times, None)


def _dated(dates: DataArray, clock: DataArray | None) -> DataArray:
    """Dates of eight digits, the fraction of a day after them, and the hours (6) or hours and minutes (600) beside."""
    values = dates.to_numpy()
    days = dates.copy(data=_days(values) if not _is_datetime(dates) else values)
    if np.isnat(days.to_numpy()).any():
        raise SchemaError(
            "The time axis has no unit, or its calendar is none of real dates.",
            field="time",
            got=f"{dates.name} of {values.dtype}, {dates.attrs.get('units', 'without units')}",
            expected=EXAMPLE,
            sample=np.atleast_1d(values).ravel()[:3],
            fix="write the unit of the axis, e.g. `hours since 1900-01-01`",
        )
    return days if clock is None else (days + _clock(clock)).rename("time")


def _days(values: NDArray[Any]) -> Stamps:
    """NaT for what is no date."""
    if values.dtype.kind not in "iuf":
        texts = pd.Series(values.ravel()).map(lambda text: text.decode() if isinstance(text, bytes) else str(text))
        read = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
        return read.to_numpy().astype("datetime64[s]").reshape(values.shape)
    digits = pd.Series(np.floor(values).ravel()).map("{:.0f}".format)
    # Of fewer digits dates are read, too: 737455 would be the 5th of May 7374.
    dates = digits.where(digits.str.len() == len("yyyymmdd"))
    days = pd.to_datetime(dates, format="%Y%m%d", errors="coerce").to_numpy().astype("datetime64[s]")
    part = np.round((values - np.floor(values)) * 24 * HOUR_S).astype("timedelta64[s]")
    stamps: Stamps = days.reshape(values.shape) + part
    return stamps


def _clock(clock: DataArray) -> DataArray:
    values = clock.to_numpy().astype(np.float64)
    hours, minutes = (values, 0 * values) if values.max(initial=0) < 24 else (values // 100, values % 100)
    if not ((hours >= 0) & (hours <= 24) & (minutes >= 0) & (minutes < 60)).all():
        raise SchemaError(
            "The times beside the dates are none.",
            field=str(clock.name),
            got=f"{values.min():g} to {values.max():g}",
            expected="hhmm, 0 to 2400",
            fix="write date and time as one axis of datetimes",
        )
    return clock.copy(data=((hours * 60 + minutes) * 60).astype("timedelta64[s]"))


def _to_seconds(times: DataArray) -> Stamps:
    """Rounded to the second, and to the hour where the stored floats cannot tell the difference."""
    exact = times.to_numpy().astype("datetime64[ns]")
    stamps: Stamps = (exact + np.timedelta64(500, "ms")).astype("datetime64[s]")
    coarse_s = spacing_s(times)
    hours = (stamps + np.timedelta64(HOUR_S // 2, "s")).astype("datetime64[h]").astype("datetime64[s]")
    # Hours stored as float32 since 1900 miss the full hour by minutes; nearer than they can tell, the hour is meant.
    is_near = np.abs(stamps - hours).astype(np.float64) <= coarse_s
    return np.where(is_near & (coarse_s < HOUR_S / 2), hours, stamps)


def spacing_s(times: DataArray) -> float:
    """How far apart the times are that the file's floats can tell, seconds; 0 for integers.

    It is that of the time that lies farthest from the reference of the file's units.

    Examples
    --------
    From 2²⁰ hours (1900 to 2019) on, float32 tells an eighth of an hour:

    >>> times = xr.DataArray(np.array(["2020-01-01"], dtype="datetime64[ns]"))
    >>> times.encoding = {"dtype": "float32", "units": "hours since 1900-01-01"}
    >>> spacing_s(times)
    450.0
    """
    stored, units = np.dtype(times.encoding.get("dtype", "int64")), str(times.encoding.get("units", ""))
    if stored.kind != "f" or " since " not in units or not times.size:
        return 0.0
    encoded = xr.Dataset({"t": ("t", [0, 1], {"units": units, "calendar": "proleptic_gregorian"})})
    reference, unit_later = xr.decode_cf(encoded, decode_times=CFDatetimeCoder(time_unit="s"))["t"].to_numpy()
    unit_s = (unit_later - reference).astype(np.float64)
    since_s = np.abs(times.to_numpy().astype("datetime64[s]") - reference).max().astype(np.float64)
    return float(np.spacing(stored.type(since_s / unit_s)) * unit_s)


def _no_time(field: DataArray, start: DataArray | None) -> SchemaError:
    if start is None:
        return SchemaError(
            "The climate file has no time axis.",
            field="valid_time",
            got=f"dimensions {', '.join(map(str, field.dims))}",
            expected=EXAMPLE,
            fix="write the file again together with its times",
        )
    return SchemaError(
        "The climate file says when its forecasts start, not when its values are valid.",
        field=str(start.name),
        got=f"{START} alone",
        expected="valid_time, or a step beside the start",
        fix="request NetCDF, or keep valid_time when converting",
    )
