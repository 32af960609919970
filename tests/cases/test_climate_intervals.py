"""Bounds beside the times (CF) say which hour or month a value is of."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from climate_files import hours, months, read_days, read_months, written

from entropice.errors import SchemaError
from entropice.sources.era5.fields import normalise_fields
from entropice.sources.era5.file import read_climate

HOUR, MONTH = pd.Timedelta(hours=1), pd.offsets.MonthBegin()


def bounded(raw: xr.Dataset, begin: pd.DatetimeIndex, end: pd.DatetimeIndex, name: str = "time_bnds") -> xr.Dataset:
    raw["valid_time"].attrs["bounds"] = name
    raw["valid_time"].encoding["units"] = "hours since 1900-01-01"
    return raw.assign({name: (("valid_time", "nv"), np.stack([begin, end], axis=1))})


def times(raw: xr.Dataset) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(raw["valid_time"].to_numpy())


@pytest.mark.parametrize("stamped", ["begin", "middle", "end"])
def test_a_month_is_the_one_between_its_bounds(tmp_path: Path, stamped: str) -> None:
    raw = months(6)
    begin = times(raw)
    end = begin + MONTH
    stamps = {"begin": begin, "middle": begin + (end - begin) / 2, "end": end}[stamped]

    climate = read_months(written(tmp_path, bounded(raw.assign_coords(valid_time=stamps), begin, end)))

    np.testing.assert_array_equal(climate["time"].dt.strftime("%Y-%m"), [f"2019-0{month}" for month in range(1, 7)])
    np.testing.assert_allclose(climate["t2m"].isel(time=1), 252.0)
    np.testing.assert_allclose(climate["tp"].isel(time=1), 2 * 28, rtol=1e-5)


def test_hours_from_00_to_23_utc_are_a_month(tmp_path: Path) -> None:
    raw = months(3)
    begin = times(raw)

    climate = read_months(written(tmp_path, bounded(raw, begin, begin + MONTH - HOUR)))

    np.testing.assert_array_equal(climate["time"].dt.month, [1, 2, 3])


@pytest.mark.parametrize("product", ["era5", "era5_land"])
@pytest.mark.parametrize("is_stamped_at_begin", [False, True])
def test_a_sum_belongs_to_the_hours_between_its_bounds(tmp_path: Path, product: str, is_stamped_at_begin: bool) -> None:
    raw = hours(3, product=product)[["tp", "sf"]]
    end = times(raw)
    begin = (end - pd.Timedelta(seconds=1)).floor("D") if product == "era5_land" else end - HOUR
    sums = bounded(
        raw.assign_coords(valid_time=begin if product == "era5" and is_stamped_at_begin else end), begin, end
    )
    written(tmp_path, sums, "sums.nc")
    written(tmp_path, hours(3)[["t2m", "sd"]], "moments.nc")

    days = read_days(tmp_path, product)

    np.testing.assert_array_equal(days["time"].dt.strftime("%m-%d"), ["06-01", "06-02", "06-03"])
    np.testing.assert_allclose(days["tp"], 16 * 0.7, rtol=1e-4)


def test_moments_beside_sums_keep_their_stamps(tmp_path: Path) -> None:
    raw = hours(3)
    days = read_days(written(tmp_path, bounded(raw, times(raw) - HOUR, times(raw))))

    np.testing.assert_allclose(days["t2m"], 270.0)
    assert days.sizes["time"] == 3


def test_bounds_that_the_file_lacks_say_nothing(tmp_path: Path) -> None:
    raw = months(3)
    raw["valid_time"].attrs["bounds"] = "time_bnds"

    assert read_months(written(tmp_path, raw)).sizes["time"] == 3


@pytest.mark.parametrize(
    "attributes",
    [{"valid_min": np.float32(251.5)}, {"valid_range": np.array([251.5, 300.0], np.float32)}],
    ids=["valid_min", "valid_range"],
)
def test_values_beyond_the_valid_range_of_a_field_are_unknown(tmp_path: Path, attributes: dict[str, object]) -> None:
    raw = months(2)
    raw["t2m"].attrs |= attributes
    single = raw.isel(valid_time=[1])

    assert np.isnan(normalise_fields(read_climate(written(tmp_path, raw)))["t2m_mean_k"]).all()
    np.testing.assert_allclose(normalise_fields(read_climate(written(tmp_path, single, "one.nc")))["t2m_mean_k"], 252.0)


def test_a_field_of_any_values_is_read_where_the_file_states_their_range(tmp_path: Path) -> None:
    raw = months(2)
    raw["t2m"] = (raw["t2m"] - 253).assign_attrs(units="K", valid_min=np.float32(-5), valid_max=np.float32(5))

    np.testing.assert_allclose(normalise_fields(read_climate(written(tmp_path, raw)))["t2m_mean_k"], -1.5)


def test_bounds_are_no_field(tmp_path: Path) -> None:
    raw = months(2, "2019-12")
    begin = times(raw)
    late = bounded(raw.assign_coords(valid_time=begin + MONTH), begin, begin + MONTH)

    fields = normalise_fields(read_climate(written(tmp_path, late)))

    assert {name.partition("_")[0] for name in fields} == {"t2m", "tp", "sf", "sd"}
    assert fields["t2m_mean_k"].attrs["years"] == "2019 to 2020"


@pytest.mark.parametrize(
    ("begin", "end", "got"),
    [
        (pd.Timedelta(days=14), pd.Timedelta(days=45), "outside"),
        (-pd.Timedelta(days=15), pd.Timedelta(days=15), "other intervals"),
        (pd.Timedelta(0), pd.Timedelta(days=5), "other intervals"),
        (pd.Timedelta(0), pd.Timedelta(days=365), "other intervals"),
    ],
    ids=["beside", "mid-month to mid-month", "pentads", "years"],
)
def test_other_intervals_are_refused(tmp_path: Path, begin: pd.Timedelta, end: pd.Timedelta, got: str) -> None:
    raw = months(3)

    with pytest.raises(SchemaError) as caught:
        read_months(written(tmp_path, bounded(raw, times(raw) + begin, times(raw) + end)))

    assert got in caught.value.got
    assert (caught.value.field, Path(caught.value.path).name) == ("time_bnds", "era5.nc")
