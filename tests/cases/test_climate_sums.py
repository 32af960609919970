"""How sums of hours are formed, told by all days that are read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from climate_files import hours, read_days, since, written

from entropice.errors import SchemaError

DAY_MM = 16 * 0.7
"""Two of three hours have 0.7 mm."""


@pytest.mark.parametrize("product", ["era5", "era5_land", "era5_land_timeseries"])
@pytest.mark.parametrize("n_days", [3, 11])
def test_drizzle_is_summed_as_the_product_forms_its_sums(tmp_path: Path, product: str, n_days: int) -> None:
    days = read_days(written(tmp_path, hours(n_days, product=product)), product)

    np.testing.assert_allclose(days["tp"], DAY_MM, rtol=1e-4)
    np.testing.assert_allclose(days["sf"], DAY_MM / 2, rtol=1e-4)


@pytest.mark.parametrize("amount_mm", [0.03, 0.7, 6.0])
@pytest.mark.parametrize(
    ("made_of", "read_as", "told"),
    [("era5_land", "era5", "since midnight"), ("era5", "era5_land", "over each hour")],
)
def test_sums_of_the_other_product_are_refused(
    tmp_path: Path, amount_mm: float, made_of: str, read_as: str, told: str
) -> None:
    raw = hours(11, product=made_of)
    for name in ("tp", "sf"):
        raw[name] = (raw[name] * (amount_mm / 0.7)).assign_attrs(raw[name].attrs)

    with pytest.raises(SchemaError) as caught:
        read_days(written(tmp_path, raw), read_as)

    assert (caught.value.field, caught.value.got) == ("tp", f"sums {told}")
    assert str(caught.value.path).endswith("era5.nc")


def other_sums(start_utc: int, every_h: int) -> xr.Dataset:
    raw = hours(8)
    times = pd.DatetimeIndex(raw["valid_time"].to_numpy())
    for name in ("tp", "sf"):
        grown = np.apply_along_axis(lambda course: since(course, times, start_utc, every_h), 0, raw[name].to_numpy())
        raw[name] = raw[name].copy(data=grown)
    return raw


@pytest.mark.parametrize(
    ("start_utc", "every_h"),
    [(6, 12), (0, 12), (0, 6), (9, 24)],
    ids=["06 and 18", "00 and 12", "6-hourly", "days of another zone"],
)
@pytest.mark.parametrize("product", ["era5", "era5_land"])
def test_sums_since_the_start_of_a_forecast_are_refused(
    tmp_path: Path, product: str, start_utc: int, every_h: int
) -> None:
    with pytest.raises(SchemaError, match="start of a forecast"):
        read_days(written(tmp_path, other_sums(start_utc, every_h)), product)


def test_one_month_of_another_product_among_the_others_is_refused(tmp_path: Path) -> None:
    land = hours(20, "2020-07-11", "era5_land").isel(valid_time=slice(1, None))
    joined = xr.concat([hours(40), land], "valid_time", combine_attrs="override")
    raw = joined.isel(latitude=[0] * 20, longitude=[0] * 21)
    raw = raw.assign_coords(latitude=np.arange(60.0, 80.0), longitude=np.arange(10.0, 31.0))

    with pytest.raises(SchemaError) as caught:
        read_days(written(tmp_path, raw))

    assert caught.value.sample == [np.datetime64("2020-07")]


def of_one_day(course_m: np.ndarray) -> xr.Dataset:
    raw = hours(1)
    for name in ("tp", "sf"):
        raw[name] = raw[name].copy(data=np.broadcast_to(course_m[:, None, None], raw[name].shape).astype(np.float32))
    return raw


@pytest.mark.parametrize("product", ["era5", "era5_land"])
def test_what_cannot_be_told_is_refused(tmp_path: Path, product: str) -> None:
    with pytest.raises(SchemaError, match="do not tell"):
        read_days(written(tmp_path, of_one_day(np.arange(25) / 1e4)), product)


@pytest.mark.parametrize("product", ["era5", "era5_land"])
def test_a_dry_time_needs_no_telling(tmp_path: Path, product: str) -> None:
    assert float(read_days(written(tmp_path, of_one_day(np.zeros(25))), product)["tp"].max()) == 0


@pytest.mark.parametrize("hour", [5, 9, 14])
def test_a_shower_at_the_same_hours_of_every_day_is_of_hours(tmp_path: Path, hour: int) -> None:
    raw = hours(6)
    showers = np.isin(raw["valid_time"].dt.hour.to_numpy(), [hour, hour + 1, hour + 2]) / 1000
    for name in ("tp", "sf"):
        raw[name] = raw[name].copy(data=np.broadcast_to(showers[:, None, None], raw[name].shape).astype(np.float32))

    np.testing.assert_allclose(read_days(written(tmp_path, raw))["tp"], 3.0, rtol=1e-5)


def test_the_same_rain_in_every_hour_is_of_hours(tmp_path: Path) -> None:
    steady = written(tmp_path, of_one_day(np.full(25, 1e-4)))

    np.testing.assert_allclose(read_days(steady)["tp"], 2.4, rtol=1e-5)
    with pytest.raises(SchemaError, match="over each hour"):
        read_days(steady, "era5_land")
