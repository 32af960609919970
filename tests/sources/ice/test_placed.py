"""Where numbers of a NetCDF file lie: grids by hand, either way up, and what does not say it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pyproj import CRS

from entropice.errors import InputFileError
from entropice.sources.ice.placed import axes_of, days_of, upright

FILE = Path("ice.nc")
DAY = np.datetime64("2020-03-01T12:00", "ns")


def ice(y_km: list[float] | None = None, x_km: list[float] | None = None) -> xr.Dataset:
    """Shares of ice (time, y, x) on 25 km, north first unless `y_km` says otherwise."""
    y, x = y_km or [50.0, 25.0, 0.0], x_km or [-25.0, 0.0]
    axes = {
        name: (name, values, {"standard_name": f"projection_{name}_coordinate", "units": "km"})
        for name, values in (("y", y), ("x", x))
    }
    numbers = np.arange(len(y) * len(x), dtype=np.float32).reshape(1, len(y), len(x))
    return xr.Dataset(
        {"ice": (("time", "y", "x"), numbers, {"grid_mapping": "crs"}), "crs": ((), 0, CRS("EPSG:3413").to_cf())},
        coords={"time": [DAY], **axes},
    )


def test_a_grid_by_hand() -> None:
    """Centres from −25 km and 50 km on: the corner lies half a pixel before them."""
    axes = axes_of(ice(), "ice", FILE, ())

    place = axes.place
    assert (axes.time, axes.y, axes.x, axes.is_upside_down) == ("time", "y", "x", False)
    assert (place.left_m, place.top_m, place.pixel_m) == (-37_500.0, 62_500.0, 25_000.0)
    assert CRS(place.crs) == CRS.from_cf(CRS("EPSG:3413").to_cf())


def test_the_same_grid_from_the_south_has_the_same_place_and_its_numbers_turned() -> None:
    north, south = ice(), ice().isel(y=slice(None, None, -1))
    from_north, from_south = (axes_of(file, "ice", FILE, ()) for file in (north, south))

    assert from_south.is_upside_down
    assert from_south.place == from_north.place
    for file, axes in ((north, from_north), (south, from_south)):
        np.testing.assert_array_equal(upright(file["ice"][0].T, axes), [[0, 1], [2, 3], [4, 5]])


def test_documented_grids_are_chosen_by_the_hemisphere() -> None:
    north = ice()
    south = ice()
    for file, lat_deg in ((north, 90.0), (south, -90.0)):
        file["crs"].attrs = {"latitude_of_projection_origin": lat_deg}

    for file, expected in ((north, "EPSG:3413"), (south, "EPSG:3976")):
        assert axes_of(file, "ice", FILE, ("EPSG:3413", "EPSG:3976")).place.crs == expected
        assert axes_of(file, "ice", FILE, ("EPSG:6931",)).place.crs == "EPSG:6931"


def without(name: str, attribute: str) -> Callable[[xr.Dataset], None]:
    return lambda file: file[name].attrs.pop(attribute)


def said(name: str, attribute: str, value: object) -> Callable[[xr.Dataset], None]:
    return lambda file: file[name].attrs.update({attribute: value})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (without("x", "standard_name"), "standard_name projection_x_coordinate"),
        (said("x", "standard_name", "projection_y_coordinate"), "standard_name projection_y_coordinate"),
        (said("y", "units", "degrees"), "y:units"),
        (without("y", "units"), "y:units"),
        (said("ice", "grid_mapping", "none"), "ice:grid_mapping"),
        (lambda file: file["crs"].attrs.clear(), "crs"),
        (lambda file: setattr(file["crs"], "attrs", CRS("EPSG:4326").to_cf()), "crs"),
    ],
)
def test_a_file_that_does_not_say_where_is_refused(change: Callable[[xr.Dataset], None], field: str) -> None:
    file = ice()
    change(file)

    with pytest.raises(InputFileError, match="where and when") as refused:
        axes_of(file, "ice", FILE, ())

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("y_km", "x_km", "field"),
    [
        ([50.0, 25.0, 10.0], None, "y"),
        (None, [0.0, -25.0], "x"),
        (None, [0.0, 25.0, 49.0], "x"),
        ([20.0, 10.0, 0.0], None, "pixels"),
        ([50.0], None, "standard_name projection_y_coordinate"),
    ],
)
def test_steps_that_are_uneven_or_differ_are_refused(
    y_km: list[float] | None, x_km: list[float] | None, field: str
) -> None:
    with pytest.raises(InputFileError) as refused:
        axes_of(ice(y_km, x_km), "ice", FILE, ())

    assert refused.value.field == field


def test_a_hemisphere_that_is_not_told_is_refused() -> None:
    with pytest.raises(InputFileError, match="hemisphere"):
        file = ice()
        file["crs"].attrs = {"name": "polar"}
        axes_of(file, "ice", FILE, ("EPSG:3413", "EPSG:3976"))


def test_days_are_at_midnight() -> None:
    assert days_of(ice(), FILE).tolist() == [pd.Timestamp("2020-03-01")]


@pytest.mark.parametrize("time", [[np.datetime64("NaT", "ns")], [7], []])
def test_a_time_that_is_none_is_refused(time: list[object]) -> None:
    with pytest.raises(InputFileError) as refused:
        days_of(xr.Dataset(coords={"time": np.array(time)}), FILE)
    assert refused.value.field == "time"


def test_no_time_is_refused() -> None:
    for read in (lambda file: days_of(file, FILE), lambda file: axes_of(file, "ice", FILE, ())):
        with pytest.raises(InputFileError) as refused:
            read(ice().isel(time=0, drop=True))
        assert refused.value.field in {"time", "ice:time"}
