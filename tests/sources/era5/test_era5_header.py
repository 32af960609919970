import numpy as np
import pytest
import xarray as xr
from climate_files import months

from entropice.errors import SchemaError
from entropice.sources.era5.header import read_header
from entropice.sources.era5.products import PRODUCTS
from entropice.sources.era5.slices import in_memory, variable_slices
from entropice.sources.era5.variables import VARIABLES


def header_of(raw: xr.Dataset):
    return read_header(raw, "t2m", VARIABLES["t2m"], PRODUCTS["era5"])


def test_dimensions_are_known_by_our_names_and_each_axis_but_one_of_time_makes_layers():
    raw = months().rename(latitude="lat", valid_time="time").expand_dims(expver=["0001", "0005"])

    header = header_of(raw)

    assert header.names == {"latitude": "lat", "longitude": "longitude", "valid_time": "time"}
    assert [dict(layer.at) for layer in header.layers] == [{"expver": 0}, {"expver": 1}]
    assert [layer.is_preliminary.any() for layer in header.layers] == [False, True]
    assert all(len(layer.stamps) == 6 for layer in header.layers)


@pytest.mark.parametrize(
    "attributes",
    [
        {"valid_range": np.array([252.5, 255.5], np.float32)},
        {"valid_min": 252.5, "valid_max": 255.5},
    ],
    ids=["range", "ends"],
)
def test_values_outside_the_valid_range_are_unknown(attributes):
    raw = months()
    raw["t2m"].attrs |= attributes

    part = next(
        part for part in variable_slices("a.nc", in_memory(raw), PRODUCTS["era5"]) if part.variable.name == "t2m"
    )

    first = part.read(np.arange(6), slice(None))[:, 0, 0]
    assert np.isnan(first).tolist() == [True, True, False, False, False, True]


def test_the_valid_range_of_packed_values_is_packed(tmp_path):
    raw = months()
    raw["t2m"].encoding = {"dtype": "int16", "scale_factor": 0.5, "add_offset": 250.0, "_FillValue": -32767}
    raw["t2m"].attrs |= {"valid_min": np.int16(5), "valid_max": np.int16(11)}
    raw.to_netcdf(tmp_path / "packed.nc", engine="netcdf4")

    with xr.open_dataset(tmp_path / "packed.nc", engine="netcdf4") as opened:
        assert header_of(opened).known == (252.5, 255.5)


def test_a_statistic_of_another_axis_says_nothing_of_time():
    raw = months()
    raw["t2m"].attrs["cell_methods"] = "area: maximum time: mean"

    assert header_of(raw).step_type == ""
    raw["t2m"].attrs["cell_methods"] = "area: mean time: minimum"
    with pytest.raises(SchemaError, match="another statistic"):
        header_of(raw)
