"""Which axes are latitudes and longitudes: by name, by attributes, by both, and where they say different things."""

import numpy as np
import pytest
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.horizontal import lonlat_axes, lonlat_names

NORTH, EAST = {"units": "degrees_north"}, {"units": "degrees_east"}


def field(
    y: tuple[str, dict] = ("y", NORTH), x: tuple[str, dict] = ("x", EAST), /, dims: str = "yx", **attributes: str
) -> xr.DataArray:
    """Two lines of three, latitudes descending; `dims` is the order in the file."""
    coords = {y[0]: (y[0], [70.0, 60.0], y[1]), x[0]: (x[0], [10.0, 20.0, 30.0], x[1])}
    names, sizes = {"y": y[0], "x": x[0]}, {"y": 2, "x": 3}
    values = np.zeros([sizes[one] for one in dims])
    return xr.DataArray(values, coords=coords, dims=[names[one] for one in dims], attrs=attributes)


@pytest.mark.parametrize(
    ("y", "x"),
    [
        (("Lat", {}), ("LONG", {})),
        (("y", {"units": " Degree_N "}), ("x", {"units": "DegreesE"})),
        (("y", {"standard_name": "latitude"}), ("x", {"standard_name": "longitude"})),
        (("y", {"axis": "Y"}), ("x", {"axis": "X", "units": "°"})),
        (("lat", {"units": "degrees"}), ("x", EAST)),
        (("lat", {"axis": "X"} | NORTH), ("lon", {"axis": "Y"} | EAST)),
    ],
    ids=["names", "units", "standard names", "axis", "one of each", "units before axis"],
)
def test_names_or_attributes_are_enough(y: tuple[str, dict], x: tuple[str, dict]) -> None:
    for dims in ("yx", "xy"):
        assert lonlat_names(field(y, x, dims=dims)) == {"latitude": y[0], "longitude": x[0]}


@pytest.mark.parametrize("attributes", [EAST, {"standard_name": "longitude"}, {"axis": "X"}])
def test_an_axis_called_one_thing_and_described_as_another_is_refused(attributes: dict[str, str]) -> None:
    with pytest.raises(SchemaError, match="called one thing") as caught:
        lonlat_names(field(("lat", attributes)))

    ((key, said),) = attributes.items()
    assert (caught.value.field, caught.value.got, caught.value.sample) == ("lat", f"{key} {said}", [70.0, 60.0])


def test_attributes_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(SchemaError, match="called one thing") as caught:
        lonlat_names(field(("y", {"standard_name": "latitude"} | EAST)))

    assert caught.value.got == "standard_name latitude, units degrees_east"


def test_a_named_axis_in_other_units_is_refused() -> None:
    with pytest.raises(SchemaError, match="not in degrees") as caught:
        lonlat_axes(field(("latitude", {"units": "radians"})))

    assert (caught.value.field, caught.value.got) == ("latitude", "radians")


def test_a_named_dimension_without_values_is_refused_and_another_one_is_not_looked_at() -> None:
    with pytest.raises(SchemaError, match="no values") as caught:
        lonlat_names(field(("lat", {})).drop_vars("lat"))
    assert (caught.value.field, caught.value.got) == ("lat", "a dimension of 2 without degrees")

    assert lonlat_names(field().expand_dims(number=4)) == {"latitude": "y", "longitude": "x"}


@pytest.mark.parametrize(
    ("raw", "got"),
    [
        (field(("y", {"units": "m"}), ("x", {"units": "km"})),
         "axes that are not said to be latitude and longitude, in m and km; dimensions y, x"),
        (field().isel(y=0), "axes that are not said to be latitude and longitude, in degrees_east; dimensions x"),
        (field(GRIB_gridType="lambert"), "a grid of the type lambert; dimensions y, x"),
        (field(("y", {}), ("x", {})).assign_coords(lat=(("y", "x"), np.zeros((2, 3)), NORTH)),
         "latitudes and longitudes of two dimensions, as of a rotated or projected grid; dimensions y, x"),
        (xr.DataArray(0.0), "axes that are not said to be latitude and longitude; dimensions none"),
        (field().assign_coords(lat=("y", [70.0, 60.0])), "axes that are not said to be latitude and longitude, in "
         "degrees_north and degrees_east; dimensions y, x"),
        (xr.DataArray(np.zeros(2), {"lat": ("p", [70.0, 60.0]), "lon": ("p", [1.0, 2.0])}, ("p",)),
         "axes that are not said to be latitude and longitude; dimensions p"),
    ],
    ids=["metres", "one latitude", "type", "two dimensions", "none", "twice", "points"],
)  # fmt: skip
def test_what_is_no_regular_grid_is_told_as_what_it_is(raw: xr.DataArray, got: str) -> None:
    with pytest.raises(SchemaError, match="no regular") as caught:
        lonlat_names(raw)

    assert (caught.value.field, caught.value.got) == ("latitude, longitude", got)


def test_axes_ascend_and_say_where_each_line_stands_in_the_file() -> None:
    axes = lonlat_axes(field(GRIB_gridType="regular_ll").astype(np.float32))

    assert (axes.lat_deg.tolist(), axes.lat_order.tolist()) == ([60.0, 70.0], [1, 0])
    assert (axes.lon_deg.tolist(), axes.lon_order.tolist()) == ([10.0, 20.0, 30.0], [0, 1, 2])
