import numpy as np
import pandas as pd
import pytest
import xarray as xr
from era5_files import UNITS, monthly_file
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.era5.monthly import normalise_monthly
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import source_from


def normalised(*raw: xr.Dataset, product: str = "era5") -> xr.Dataset:
    parts = {f"file {number}": in_memory(dataset) for number, dataset in enumerate(raw)}
    return normalise_monthly(source_from(parts, product))


def test_axes_are_ascending_and_wrapped_and_values_follow_them():
    raw = monthly_file()

    climate = normalised(raw)

    assert climate["t2m"].dims == ("time", "lat", "lon")
    np.testing.assert_array_equal(climate["lat"], [30, 60, 90])
    np.testing.assert_array_equal(climate["lon"], [-180, -90, 0, 90])
    for lon, foreign in [(-180, 180.0), (-90, 270.0), (0, 0.0), (90, 90.0)]:
        np.testing.assert_array_equal(
            climate["t2m"].sel(lon=lon, lat=60), raw["t2m"].sel(longitude=foreign, latitude=60.0)
        )


def test_rates_become_sums_of_each_months_days_and_depths_become_mm():
    climate = normalised(monthly_file("2020-01", 3)).sel(lat=90, lon=0)

    np.testing.assert_allclose(climate["tp"], [31.0, 29.0, 31.0], rtol=1e-6)  # 1 mm a day, leap year
    np.testing.assert_allclose(climate["sf"], [15.5, 14.5, 15.5], rtol=1e-6)
    np.testing.assert_allclose(climate["sd"], [100.0] * 3, rtol=1e-6)
    assert {name: climate[name].attrs["units"] for name in climate} == {"t2m": "K", "tp": "mm", "sf": "mm", "sd": "mm"}


def test_the_old_layout_with_time_gives_the_same():
    raw = monthly_file()

    old = raw.drop_vars(["number", "expver"]).rename(valid_time="time").isel(latitude=slice(None, None, -1))

    xr.testing.assert_identical(normalised(old), normalised(raw))


def test_one_month_with_a_scalar_time_keeps_a_time_axis():
    climate = normalised(monthly_file().isel(valid_time=0))

    assert dict(climate.sizes) == {"time": 1, "lat": 3, "lon": 4}


def test_months_supplied_by_the_preliminary_stream_are_named():
    raw = monthly_file().assign_coords(expver=("valid_time", ["0001", "0001", "0005", "0005"]))

    assert normalised(raw).attrs["preliminary_steps"] == ["2020-02", "2020-03"]


@pytest.mark.parametrize("versions", [[1, 5], ["0001", "0005"]], ids=["numbers", "text"])
def test_versions_along_a_dimension_are_merged_never_summed(versions):
    raw = monthly_file().drop_vars("expver")
    is_final = xr.DataArray([True, True, True, False], dims="valid_time")
    # the third month is in both: the final one counts
    stacked = xr.concat(
        [raw.where(is_final), (raw + 0.01).where(~is_final | (raw["valid_time"] == raw["valid_time"][2]))],
        dim=pd.Index(versions, name="expver"),
    )
    for name, units in UNITS.items():
        stacked[name].attrs["units"] = units

    climate = normalised(stacked)

    np.testing.assert_allclose(climate["t2m"][:3], normalised(raw)["t2m"][:3])
    np.testing.assert_allclose(climate["t2m"][3], normalised(raw)["t2m"][3] + 0.01, rtol=1e-6)
    assert climate.attrs["preliminary_steps"] == ["2020-03"]


def test_slightly_negative_packed_accumulations_become_zero_and_unknown_stays_unknown():
    raw = monthly_file()
    raw["tp"][0, 0, 0], raw["tp"][0, 0, 1] = -1e-8, np.nan
    raw["sf"][0, 0, 0] = 0

    first = normalised(raw)["tp"].isel(time=0).sel(lat=90)

    assert first.sel(lon=0).item() == 0
    assert np.isnan(first.sel(lon=90).item())


@pytest.mark.parametrize("dtype", [">f4", ">f8", "int16"])
def test_values_of_every_type_are_converted_without_overflow(dtype):
    raw = monthly_file()
    raw["sd"] = (raw["sd"] * 0 + 2).astype(dtype).assign_attrs(units="m")

    depth = normalised(raw)["sd"]

    assert depth.dtype == np.float32
    assert (depth == 2000).all()


@pytest.mark.parametrize("name", list(UNITS))
def test_a_missing_variable_is_named(name):
    with pytest.raises(SchemaError) as caught:
        normalised(monthly_file().drop_vars(name))

    assert caught.value.field == name


def break_units(raw: xr.Dataset) -> xr.Dataset:
    raw["t2m"].attrs["units"] = "degC"
    return raw


def celsius_labelled_kelvin(raw: xr.Dataset) -> xr.Dataset:
    raw["t2m"] = raw["t2m"].copy(data=raw["t2m"].to_numpy() - 273.15)
    return raw


def millimetres_labelled_metres(raw: xr.Dataset) -> xr.Dataset:
    raw["tp"] = raw["tp"].copy(data=raw["tp"].to_numpy() * 1000)
    return raw


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (break_units, "t2m"),
        (celsius_labelled_kelvin, "t2m"),
        (millimetres_labelled_metres, "tp"),
        (lambda raw: raw.assign(sd=raw["sd"] * np.nan).assign(sd=lambda d: d["sd"].assign_attrs(units="m")), "sd"),
        (lambda raw: raw.isel(valid_time=[0, 2, 3]), "time"),
        (lambda raw: raw.isel(valid_time=[0, 1, 1, 2]), "time"),
        (lambda raw: raw.drop_vars(["number"]).expand_dims(number=3), "number"),
        (lambda raw: raw.isel(latitude=0).rename(longitude="values"), "latitude, longitude"),
        (lambda raw: raw.isel(valid_time=0, drop=True), "valid_time"),
    ],
    ids=["unit", "°C as K", "mm as m", "empty", "gap", "repeated", "ensemble", "one-dimensional", "no time"],
)
def test_what_cannot_be_right_is_refused(broken, field):
    with pytest.raises(SchemaError) as caught:
        normalised(broken(monthly_file()))

    assert caught.value.field == field


def test_missing_months_are_named():
    with pytest.raises(SchemaError, match="2020-01"):
        normalised(monthly_file().isel(valid_time=[0, 2, 3]))


@given(order=st.permutations(range(4)))
def test_the_order_of_months_does_not_matter(order):
    raw = monthly_file()

    xr.testing.assert_identical(normalised(raw.isel(valid_time=list(order))), normalised(raw))
