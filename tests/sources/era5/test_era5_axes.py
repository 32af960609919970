import numpy as np
import pytest
import shapely
import xarray as xr
from era5_files import monthly_file
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.dggs import parse_grid
from entropice.errors import SchemaError
from entropice.sources.era5.axes import lonlat_axes, on_lonlat_axes, rows_touching, time_axis


@given(
    lat=st.lists(st.integers(-360, 360), min_size=2, max_size=20, unique=True),
    lon=st.lists(st.integers(-720, 1440), min_size=2, max_size=20, unique_by=lambda step: step % 1440),
)
def test_axes_ascend_whatever_the_file_does(lat, lon):
    raw = xr.Dataset(coords={"latitude": np.array(lat) / 4, "longitude": np.array(lon) / 4})

    axes = lonlat_axes(raw)

    assert (np.diff(axes.lat_deg) > 0).all()
    assert (np.diff(axes.lon_deg) > 0).all()
    assert (axes.lon_deg >= -180).all()
    assert (axes.lon_deg < 180).all()
    np.testing.assert_array_equal(raw["latitude"].to_numpy()[axes.lat_order], axes.lat_deg)
    turns = (raw["longitude"].to_numpy()[axes.lon_order] - axes.lon_deg) / 360
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-6)


def test_float32_axes_of_two_files_are_the_same():
    degrees = np.arange(0, 360, 0.1)
    exact, rounded = (
        lonlat_axes(xr.Dataset(coords={"latitude": degrees[:900] / 10, "longitude": degrees.astype(dtype)}))
        for dtype in (np.float64, np.float32)
    )

    np.testing.assert_allclose(rounded.lon_deg, exact.lon_deg, atol=2e-5)
    assert exact.equals(rounded)


def test_a_latitude_twice_is_refused():
    with pytest.raises(SchemaError, match="latitude occurs twice"):
        lonlat_axes(xr.Dataset(coords={"latitude": [60.0, 60.0], "longitude": [0.0, 1.0]}))


def test_values_follow_their_axes():
    raw = monthly_file()

    ordered = on_lonlat_axes(raw)

    np.testing.assert_array_equal(ordered["t2m"].sel(lat=60, lon=-90), raw["t2m"].sel(latitude=60, longitude=270))


def test_the_axis_of_validity_is_found_beside_the_forecasts_start():
    raw = monthly_file().isel(valid_time=0).assign_coords(time=np.datetime64("2000-01-01", "ns"))

    assert time_axis(raw) == "valid_time"
    assert time_axis(monthly_file().drop_vars("expver").rename(valid_time="time")) == "time"


@pytest.mark.parametrize("grid", ["h3_3", "healpix_6"])
@pytest.mark.parametrize("south_deg", [60.0, 72.0, 85.0])
def test_no_row_that_a_cell_needs_is_cut_off(grid, south_deg):
    found = parse_grid(grid)
    polygons = found.polygons(found.cells_north_of(south_deg))
    lat_deg = np.arange(50, 90.25, 0.25)

    rows = lat_deg[rows_touching(lat_deg, polygons)]

    x, y = shapely.get_coordinates(shapely.segmentize(polygons, 5_000)).T
    southernmost = Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True).transform(x, y)[1].min()
    assert rows[0] <= southernmost - 0.125
    assert rows[0] > southernmost - 0.75
    assert rows[-1] == 90


def test_a_climate_south_of_the_cells_is_refused():
    cells = parse_grid("h3_3")

    with pytest.raises(SchemaError, match="does not reach"):
        rows_touching(np.arange(0, 60.0), cells.polygons(cells.cells_north_of(75.0)))
