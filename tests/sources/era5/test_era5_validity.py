"""When values are valid, from every way in which files say it, and what is refused."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.era5.validity import has_time, spacing_s, validity

NOON = np.datetime64("2020-01-31T12:00:00", "s")


def field(**coordinates: object) -> xr.DataArray:
    """One value with coordinates that are each a value, or a pair of a value and attributes."""
    coords = {
        name: xr.DataArray(given[0], attrs=given[1]) if isinstance(given, tuple) else xr.DataArray(given)
        for name, given in coordinates.items()
    }
    return xr.DataArray(1.0, coords=coords)


def times(values: np.ndarray, dtype: str, units: str) -> xr.DataArray:
    """Times as a file keeps them."""
    axis = xr.DataArray(values.astype("datetime64[ns]"), dims="time", name="time")
    axis.encoding = {"dtype": np.dtype(dtype), "units": units}
    return axis


STATED = {
    "valid_time": field(valid_time=NOON, time=NOON - np.timedelta64(6, "h")),
    "a standard name": field(t=(NOON, {"standard_name": "time"})),
    "time": field(time=NOON),
    "a start and its step": field(forecast_reference_time=NOON - np.timedelta64(3, "h"), step=np.timedelta64(3, "h")),
    "time as a start, with its step": field(time=NOON - np.timedelta64(3, "h"), step=np.timedelta64(3, "h")),
    "date and hour": field(date=20200131, time=12),
    "date, hour and minute": field(date=20200131, time=1200),
    "a date with a fraction": field(date=20200131.5),
    "text": field(valid_time="2020-01-31T12"),
    "bytes": field(valid_time=np.bytes_(b"2020-01-31T12:00")),
}


@pytest.mark.parametrize("way", STATED)
def test_noon_is_noon_however_it_is_said(way: str) -> None:
    assert has_time(STATED[way])
    assert validity(STATED[way]).to_numpy() == NOON


REFUSED = {
    "no time": (field(), "valid_time", "no time axis"),
    "a start alone": (field(forecast_reference_time=NOON), "forecast_reference_time", "when its forecasts start"),
    "a step without a unit": (field(forecast_reference_time=NOON, step=3), "step", "no unit"),
    "days since a year 0": (field(time=737455.0), "time", "no unit"),
    "a month": (field(time=202001), "time", "no unit"),
    "no text of a date": (field(valid_time="yesterday"), "time", "no unit"),
    "the 25th hour": (field(date=20200131, time=2500), "time", "are none"),
    "the 61st minute": (field(date=20200131, time=1261), "time", "are none"),
    "an unknown one": (field(time=np.datetime64("NaT", "s")), "time", "unknown"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_what_is_no_time_is_refused(way: str) -> None:
    given_field, named, said = REFUSED[way]

    with pytest.raises(SchemaError, match=said) as refused:
        validity(given_field)

    assert refused.value.field == named


def test_another_calendar_is_refused() -> None:
    axis = xr.Dataset({"t": ("t", [0, 59], {"units": "days since 2021-01-01", "calendar": "360_day"})})
    dates = xr.decode_cf(axis)["t"].to_numpy()
    with pytest.raises(SchemaError, match="not in the Gregorian calendar") as refused:
        validity(xr.DataArray([1.0, 2.0], dims="time", coords={"time": dates}))
    assert refused.value.got == "360_day"


@given(st.integers(0, 24 * 40_000))
def test_hours_that_a_float_cannot_keep_are_full_hours_again(hour: int) -> None:
    """Days since 1900 in single precision are 1/256 day apart, 5.6 minutes, from 2**15 days (1989) on."""
    true = np.datetime64("1900-01-01", "s") + np.timedelta64(hour, "h")
    stored = np.float64(np.float32(hour / 24))
    read = np.datetime64("1900-01-01", "ns") + np.timedelta64(round(stored * 86_400e9), "ns")

    axis = times(np.array([read]), "float32", "days since 1900-01-01")

    assert validity(xr.DataArray([0.0], dims="time", coords={"time": axis})).to_numpy()[0] == true


def test_how_far_apart_times_are_that_can_be_told() -> None:
    """40,000 lies between 2**15 and 2**16, where single precision has 24 − 16 = 8 bits behind the point."""
    day = np.datetime64("1900-01-01", "s") + np.timedelta64(40_000, "D")

    assert spacing_s(times(np.array([day]), "float32", "days since 1900-01-01")) == 86_400 / 2**8
    assert spacing_s(times(np.array([day]), "int32", "days since 1900-01-01")) == 0
    assert spacing_s(times(np.array([day]), "float32", "days")) == 0


def test_quarters_of_an_hour_stay_where_the_file_can_tell_them() -> None:
    quarter = NOON + np.timedelta64(15, "m")
    axis = times(np.array([quarter]), "float64", "hours since 1900-01-01")

    assert validity(xr.DataArray([0.0], dims="time", coords={"time": axis})).to_numpy()[0] == quarter
