import netCDF4
import numpy as np
import pytest
import xarray as xr

from entropice.virtual_arctic.climate_file import climate_dataset


@pytest.fixture(scope="module")
def climate_path(terrain, world, tmp_path_factory):
    path = tmp_path_factory.mktemp("climate") / "era5.nc"
    climate_dataset(terrain, world).to_netcdf(path, engine="netcdf4")
    return path


@pytest.fixture(scope="module")
def file(climate_path):
    with xr.open_dataset(climate_path) as dataset:
        return dataset.load()


def test_layout_is_the_data_stores(file):
    assert set(file.data_vars) == {"t2m", "tp", "sd", "sf"}
    assert file["t2m"].dims == ("valid_time", "latitude", "longitude")
    assert file["latitude"].values[0] == 90
    assert (np.diff(file["latitude"]) == -1).all()
    assert file["latitude"].values[-1] == 58
    assert (file["longitude"].values == np.arange(360)).all()
    assert file["number"].shape == ()
    assert file["valid_time"].values[0] == np.datetime64("2015-10-01")
    assert file["expver"].dims == ("valid_time",)
    assert file["expver"].values.tolist() == ["0001"] * 96 + ["0005"] * 3
    assert file["tp"].attrs["units"] == "m"
    assert file["t2m"].attrs["GRIB_paramId"] == 167


def test_encoding_is_the_data_stores(climate_path):
    with netCDF4.Dataset(climate_path) as raw:
        assert raw["valid_time"].units == "seconds since 1970-01-01"
        assert raw["t2m"].dtype == np.float32
        assert raw["t2m"].filters()["zlib"]
        assert raw["expver"].dtype is str


def test_values_are_finite_and_possible(file):
    assert all(np.isfinite(file[name]).all() for name in file.data_vars)
    assert (file["sf"] <= file["tp"]).all()
    assert (file["sd"] >= 0).all()
    assert (file["tp"] > 0).all()


def test_months_follow_each_other_without_gap(file):
    months = file["valid_time"].values.astype("datetime64[M]")
    assert (np.diff(months).astype(int) == 1).all()
    assert str(months[-1]) == "2023-12"


def test_a_longer_history_changes_nothing_that_follows_it(terrain, make_world):
    coarse = {"step_deg": 5.0}
    short, long = (
        climate_dataset(terrain, make_world(climate={"n_history_years": n_years, **coarse})) for n_years in (1, 30)
    )
    shared = long.isel(valid_time=slice(29 * 12, None))
    for name in short.data_vars:
        assert short[name].values.tobytes() == shared[name].values.tobytes(), name
    assert short["valid_time"].equals(shared["valid_time"])


def test_the_past_is_colder(terrain, make_world):
    long = climate_dataset(terrain, make_world(climate={"n_history_years": 37, "step_deg": 5.0}))
    celsius = long["t2m"].groupby("valid_time.year").mean(...) - 273.15
    assert float(celsius.sel(year=slice(2018, 2022)).mean() - celsius.sel(year=slice(1981, 1985)).mean()) > 2.5


def test_snow_starts_anew_each_october(file):
    october = file["sd"].sel(valid_time=file["valid_time"].dt.month == 10)
    fallen = (file["sf"] * file["valid_time"].dt.days_in_month).sel(valid_time=october["valid_time"])
    assert (october <= fallen + 1e-6).all()


def test_the_pole_row_is_one_place(file):
    assert np.ptp(file["t2m"].sel(latitude=90).values, axis=1).max() < 1e-3


def test_mountains_in_the_box_are_colder(terrain, world, make_world):
    flat = terrain.assign(elevation_m=terrain["elevation_m"] * 0)
    difference = climate_dataset(terrain, world)["t2m"] - climate_dataset(flat, world)["t2m"]
    assert float(difference.min()) < -0.5
    assert float(np.abs(difference.sel(longitude=0)).max()) == 0
