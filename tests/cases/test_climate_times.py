"""When climate values are valid, in the ways that files say it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from climate_files import hours, months, read_days, read_months, written

from entropice.errors import SchemaError

FIRST_MONTHS_MM = [31 * 1.0, 28 * 2.0, 31 * 3.0]
"""Month m of 2019 has m mm a day."""


def forecast(raw: xr.Dataset, lead_h: int = 12, **start_attributes: str) -> xr.Dataset:
    """The axis is the start of the forecast; ``step`` and ``valid_time`` stand beside it."""
    late = raw["valid_time"].to_index() + pd.Timedelta(hours=6)
    started = raw.rename(valid_time="time").assign_coords(time=(late - pd.Timedelta(hours=lead_h)).to_numpy())
    started["time"].attrs |= start_attributes
    return started.assign_coords(step=np.timedelta64(lead_h, "h"), valid_time=("time", late.to_numpy()))


def as_variable(raw: xr.Dataset) -> xr.Dataset:
    return forecast(raw).reset_coords("valid_time")


def without_valid_time(raw: xr.Dataset) -> xr.Dataset:
    return forecast(raw).drop_vars("valid_time")


def reference_time(raw: xr.Dataset) -> xr.Dataset:
    """Told by standard names alone, under names of one's own."""
    named = forecast(raw, standard_name="forecast_reference_time")
    named["valid_time"].attrs["standard_name"] = "time"
    return named.rename(valid_time="when", time="run")


def two_axes(raw: xr.Dataset) -> xr.Dataset:
    """Every start of a forecast by every step, as cfgrib lays GRIB out."""
    start = raw["valid_time"].to_index()[::2]
    step = pd.to_timedelta([0, 31], unit="D")
    laid = {
        name: (("time", "step", "latitude", "longitude"), field.to_numpy().reshape(len(start), 2, 3, 4), field.attrs)
        for name, field in raw.data_vars.items()
    }
    valid = start.to_numpy()[:, None] + step.to_numpy()
    axes = {"time": start, "step": step, "latitude": raw["latitude"], "longitude": raw["longitude"]}
    return xr.Dataset(laid, coords=axes | {"valid_time": (("time", "step"), valid)})


def dated(raw: xr.Dataset) -> xr.Dataset:
    return raw.rename(valid_time="date").assign_coords(
        date=raw["valid_time"].dt.strftime("%Y%m%d").astype(int).to_numpy()
    )


def dated_with_clock(raw: xr.Dataset) -> xr.Dataset:
    return dated(raw).assign_coords(time=("date", np.full(raw.sizes["valid_time"], 600)))


def dated_by_text(raw: xr.Dataset) -> xr.Dataset:
    return raw.rename(valid_time="date").assign_coords(date=raw["valid_time"].dt.strftime("%Y%m%d").to_numpy())


def absolute_days(raw: xr.Dataset) -> xr.Dataset:
    """As CDO writes absolute times."""
    days = raw["valid_time"].dt.strftime("%Y%m%d").astype(float).to_numpy() + 0.25
    named = raw.rename(valid_time="time").assign_coords(time=days)
    named["time"].attrs["units"] = "day as %Y%m%d.%f"
    return named


def at_the_end(raw: xr.Dataset) -> xr.Dataset:
    return raw.assign_coords(valid_time=raw["valid_time"].to_index() + pd.offsets.MonthEnd(1))


@pytest.mark.parametrize(
    "told",
    [
        forecast,
        as_variable,
        without_valid_time,
        reference_time,
        two_axes,
        dated,
        dated_with_clock,
        dated_by_text,
        absolute_days,
        at_the_end,
    ],
)
def test_a_months_sum_stands_in_its_month(tmp_path: Path, told: Callable[[xr.Dataset], xr.Dataset]) -> None:
    climate = read_months(written(tmp_path, told(months())))

    assert climate["time"].dt.strftime("%Y-%m").to_numpy()[:3].tolist() == ["2019-01", "2019-02", "2019-03"]
    np.testing.assert_allclose(climate["tp"].sel(lat=74, lon=-129)[:3], FIRST_MONTHS_MM, rtol=1e-5)
    np.testing.assert_allclose(climate["t2m"].sel(lat=74, lon=-129)[:3], [251, 252, 253])


def test_sums_of_forecasts_and_analyses_beside_them_keep_their_months(tmp_path: Path) -> None:
    raw = months()
    written(tmp_path, raw[["t2m", "sd"]].isel(valid_time=slice(0, 5)), "instant.nc")
    written(tmp_path, forecast(raw[["tp", "sf"]].isel(valid_time=slice(1, 6))), "sums.nc")

    climate = read_months(tmp_path)

    assert climate["time"].dt.strftime("%Y-%m").to_numpy().tolist() == ["2019-02", "2019-03", "2019-04", "2019-05"]
    np.testing.assert_allclose(climate["tp"].sel(lat=74, lon=-129)[:2], FIRST_MONTHS_MM[1:], rtol=1e-5)


@pytest.mark.parametrize(
    ("units", "dtype"),
    [
        ("days since 1900-01-01", "float32"),
        ("hours since 2000-01-01", "float32"),
        ("days since 1900-01-01", "float64"),
        ("seconds since 1970-01-01", "float32"),
        ("minutes since 1900-01-01 03:00:00 +03:00", "int64"),
    ],
)
def test_times_that_floats_rounded_are_full_hours(tmp_path: Path, units: str, dtype: str) -> None:
    raw = hours()
    raw["valid_time"].encoding = {"units": units, "dtype": dtype}

    days = read_days(written(tmp_path, raw))

    # two of three hours have 0.7 mm: 16 hours a day
    assert days["time"].dt.strftime("%m-%d").to_numpy().tolist() == ["06-01", "06-02", "06-03"]
    np.testing.assert_allclose(days["tp"], 16 * 0.7, rtol=1e-5)


def test_hours_on_two_axes_of_dates_and_clocks_are_days(tmp_path: Path) -> None:
    raw = hours().isel(valid_time=slice(0, 72))
    dates = np.array([20200601, 20200602, 20200603])
    axes = {"date": dates, "time": 100 * np.arange(24), "latitude": raw["latitude"], "longitude": raw["longitude"]}
    split = xr.Dataset(
        {
            name: (tuple(axes), field.to_numpy().reshape(3, 24, 3, 4), field.attrs)
            for name, field in raw.data_vars.items()
        },
        coords=axes,
    )

    days = read_days(written(tmp_path, split))

    # the last midnight is missing, and with it the last day
    assert days["time"].dt.strftime("%m-%d").to_numpy().tolist() == ["06-01", "06-02"]
    np.testing.assert_allclose(days["tp"], 16 * 0.7, rtol=1e-5)


@pytest.mark.parametrize("suffix", ["nc", "zarr"])
def test_times_in_months_are_not_called_damage(tmp_path: Path, suffix: str) -> None:
    raw = months().assign_coords(valid_time=np.arange(6))
    raw["valid_time"].attrs["units"] = "months since 2019-01-01"
    path = tmp_path / f"era5.{suffix}"
    if suffix == "nc":
        raw.to_netcdf(path, engine="netcdf4")
    else:
        raw.to_zarr(path, zarr_format=2, consolidated=False)

    with pytest.raises(SchemaError, match="cannot be decoded") as caught:
        read_months(path)

    assert caught.value.got == "valid_time in months since 2019-01-01"


def test_hours_by_date_and_clock_are_days(tmp_path: Path) -> None:
    raw = hours()
    times = raw["valid_time"].dt
    split = raw.rename(valid_time="t").drop_vars("t")
    split = split.assign_coords(
        date=("t", times.strftime("%Y%m%d").astype(int).to_numpy()), time=("t", 100 * times.hour.to_numpy())
    )

    np.testing.assert_allclose(read_days(written(tmp_path, split))["tp"], 16 * 0.7, rtol=1e-5)
