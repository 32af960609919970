import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.era5 import normalise_fields, normalise_monthly

UNITS = {"t2m": "K", "tp": "m", "sf": "m of water equivalent", "sd": "m of water equivalent"}
TYPICAL = {"t2m": 260.0, "tp": 0.001, "sf": 0.0005, "sd": 0.1}


def as_the_store_writes(start: str = "2019-12", n_months: int = 4) -> xr.Dataset:
    """Monthly means in the encoding of the Climate Data Store since 2024."""
    axes = {
        "valid_time": pd.date_range(start, periods=n_months, freq="MS"),
        "latitude": np.array([90.0, 60.0, 30.0]),
        "longitude": np.array([0.0, 90.0, 180.0, 270.0]),
    }
    shape = tuple(len(axis) for axis in axes.values())
    place = np.arange(12, dtype=np.float32).reshape(3, 4) / 100
    variables = {
        name: (
            tuple(axes),
            (np.full(shape, value, np.float32) * (1 + place)).astype(np.float32),
            {"units": UNITS[name]},
        )
        for name, value in TYPICAL.items()
    }
    coordinates = axes | {"number": 0, "expver": ("valid_time", np.array(["0001"] * n_months, dtype=object))}
    return xr.Dataset(variables, coords=coordinates)


def test_axes_are_ascending_and_wrapped_and_values_follow_them():
    raw = as_the_store_writes()

    climate = normalise_monthly(raw)

    assert climate["t2m"].dims == ("time", "lat", "lon")
    np.testing.assert_array_equal(climate["lat"], [30, 60, 90])
    np.testing.assert_array_equal(climate["lon"], [-180, -90, 0, 90])
    for lon, foreign in [(-180, 180.0), (-90, 270.0), (0, 0.0), (90, 90.0)]:
        np.testing.assert_array_equal(
            climate["t2m"].sel(lon=lon, lat=60), raw["t2m"].sel(longitude=foreign, latitude=60.0)
        )


def test_rates_become_sums_of_each_months_days_and_depths_become_mm():
    climate = normalise_monthly(as_the_store_writes("2020-01", 3)).sel(lat=90, lon=0)

    np.testing.assert_allclose(climate["tp"], [31.0, 29.0, 31.0], rtol=1e-6)  # 1 mm a day, leap year
    np.testing.assert_allclose(climate["sf"], [15.5, 14.5, 15.5], rtol=1e-6)
    np.testing.assert_allclose(climate["sd"], [100.0] * 3, rtol=1e-6)
    assert {name: climate[name].attrs["units"] for name in climate} == {"t2m": "K", "tp": "mm", "sf": "mm", "sd": "mm"}


def test_the_old_layout_with_time_gives_the_same():
    raw = as_the_store_writes()

    old = raw.drop_vars(["number", "expver"]).rename(valid_time="time").isel(latitude=slice(None, None, -1))

    xr.testing.assert_identical(normalise_monthly(old), normalise_monthly(raw))


def test_one_month_with_a_scalar_time_keeps_a_time_axis():
    climate = normalise_monthly(as_the_store_writes().isel(valid_time=0))

    assert dict(climate.sizes) == {"time": 1, "lat": 3, "lon": 4}


def test_months_supplied_by_the_preliminary_stream_are_named():
    raw = as_the_store_writes().assign_coords(expver=("valid_time", ["0001", "0001", "0005", "0005"]))

    assert normalise_monthly(raw).attrs["preliminary_months"] == ["2020-02", "2020-03"]


@pytest.mark.parametrize("versions", [[1, 5], ["0001", "0005"]], ids=["numbers", "text"])
def test_versions_along_a_dimension_are_merged_never_summed(versions):
    raw = as_the_store_writes().drop_vars("expver")
    is_final = xr.DataArray([True, True, True, False], dims="valid_time")
    # the third month is in both: the final one counts
    stacked = xr.concat(
        [raw.where(is_final), (raw + 0.01).where(~is_final | (raw["valid_time"] == raw["valid_time"][2]))],
        dim=pd.Index(versions, name="expver"),
    )
    for name, units in UNITS.items():
        stacked[name].attrs["units"] = units

    climate = normalise_monthly(stacked)

    np.testing.assert_allclose(climate["t2m"][:3], normalise_monthly(raw)["t2m"][:3])
    np.testing.assert_allclose(climate["t2m"][3], normalise_monthly(raw)["t2m"][3] + 0.01, rtol=1e-6)
    assert climate.attrs["preliminary_months"] == ["2020-03"]


def test_slightly_negative_packed_accumulations_become_zero_and_unknown_stays_unknown():
    raw = as_the_store_writes()
    raw["tp"][0, 0, 0], raw["tp"][0, 0, 1] = -1e-8, np.nan

    first = normalise_monthly(raw)["tp"].isel(time=0).sel(lat=90)

    assert first.sel(lon=0).item() == 0
    assert np.isnan(first.sel(lon=90).item())


@pytest.mark.parametrize("name", list(UNITS))
def test_a_missing_variable_is_named(name):
    with pytest.raises(SchemaError) as caught:
        normalise_monthly(as_the_store_writes().drop_vars(name))

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
        normalise_monthly(broken(as_the_store_writes()))

    assert caught.value.field == field


def test_missing_months_are_named():
    with pytest.raises(SchemaError, match="2020-01"):
        normalise_monthly(as_the_store_writes().isel(valid_time=[0, 2, 3]))


@given(order=st.permutations(range(4)))
def test_the_order_of_months_does_not_matter(order):
    raw = as_the_store_writes()

    xr.testing.assert_identical(normalise_monthly(raw.isel(valid_time=list(order))), normalise_monthly(raw))


def ensemble() -> xr.Dataset:
    values = np.arange(2 * 3 * 2 * 2 * 2, dtype=np.float32).reshape(2, 3, 2, 2, 2)
    dims = ("number", "time", "isobaricInhPa", "latitude", "longitude")
    return xr.Dataset(
        {
            "t": (dims, values, {"units": "K", "long_name": "Temperature"}),
            "z": (dims, values, {"units": "m**2 s**-2", "long_name": "Geopotential"}),
        },
        coords={
            "isobaricInhPa": [850.0, 500.0],
            "latitude": [90.0, 60.0],
            "longitude": [0.0, 180.0],
            "step": np.timedelta64(0, "ns"),
        },
    )


def test_fields_are_named_for_what_they_are_and_averaged_over_members_and_times():
    raw = ensemble()

    fields = normalise_fields(raw)

    assert set(fields) == {
        f"{name}_{level}_{statistic}_{unit}"
        for name, unit in [("t", "k"), ("z", "m2_s2")]
        for level in (500, 850)
        for statistic in ("mean", "sd")
    }
    members = raw["t"].sel(isobaricInhPa=850.0, latitude=60.0, longitude=180.0).to_numpy()
    assert fields["t_850_mean_k"].sel(lat=60, lon=-180).item() == pytest.approx(members.mean())
    assert fields["t_850_sd_k"].sel(lat=60, lon=-180).item() == pytest.approx(members.std(), rel=1e-6)
    assert fields["t_850_mean_k"].attrs["long_name"] == "Temperature at 850 hPa"


def test_a_single_field_has_no_spread():
    fields = normalise_fields(ensemble().isel(number=0, time=0, isobaricInhPa=0))

    assert set(fields) == {"t_mean_k", "z_mean_m2_s2"}


def test_a_field_without_a_unit_is_refused():
    raw = ensemble()
    del raw["t"].attrs["units"]

    with pytest.raises(SchemaError) as caught:
        normalise_fields(raw)

    assert caught.value.field == "t_500"
