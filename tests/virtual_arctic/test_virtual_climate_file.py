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
    assert file["valid_time"].values[0] == np.datetime64("2017-10-01")
    assert file["expver"].dims == ("valid_time",)
    assert file["expver"].values.tolist() == ["0001"] * 72 + ["0005"] * 3
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


def test_the_pole_row_is_one_place(file):
    assert np.ptp(file["t2m"].sel(latitude=90).values, axis=1).max() < 1e-3


def test_mountains_in_the_box_are_colder(terrain, world, make_world):
    flat = terrain.assign(elevation_m=terrain["elevation_m"] * 0)
    difference = climate_dataset(terrain, world)["t2m"] - climate_dataset(flat, world)["t2m"]
    assert float(difference.min()) < -0.5
    assert float(np.abs(difference.sel(longitude=0)).max()) == 0
