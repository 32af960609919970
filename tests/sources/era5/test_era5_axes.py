import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.dggs import parse_grid
from entropice.errors import SchemaError
from entropice.sources.era5.axes import ascending_axes, require_cells_within, rows_touching


@given(
    south=st.integers(-360, 300),
    n_lat=st.integers(2, 20),
    west=st.integers(-720, 1440),
    n_lon=st.integers(2, 60),
    step=st.integers(1, 24),
    data=st.data(),
)
def test_axes_ascend_whatever_the_file_does(south, n_lat, west, n_lon, step, data):
    latitude = data.draw(st.permutations(np.arange(south, min(south + n_lat, 361)) / 4))
    turned = (west + step * np.arange(min(n_lon, 1440 // step))) / 4
    longitude = np.array(data.draw(st.permutations(np.where(turned >= 360, turned - 360, turned))))

    axes = ascending_axes(np.array(latitude), longitude)

    assert (np.diff(axes.lat_deg) > 0).all()
    assert (np.diff(axes.lon_deg) > 0).all()
    assert -180 <= axes.lon_deg[0] < 180
    assert axes.lon_deg[-1] - axes.lon_deg[0] < 360
    np.testing.assert_array_equal(np.array(latitude)[axes.lat_order], axes.lat_deg)
    turns = (longitude[axes.lon_order] - axes.lon_deg) / 360
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-6)


def test_float32_axes_of_two_files_are_the_same():
    degrees = np.arange(0, 360, 0.1)
    stored = [degrees.astype(dtype).astype(np.float64) for dtype in (np.float64, np.float32)]

    exact, rounded = (ascending_axes(degrees[:900] / 10, longitude) for longitude in stored)

    np.testing.assert_allclose(rounded.lon_deg, exact.lon_deg, atol=2e-5)
    assert exact.equals(rounded)


@pytest.mark.parametrize(
    "longitude",
    [[170.0, 175.0, 180.0, 185.0], [-190.0, -185.0, -180.0, -175.0], [-180.0, -175.0, 170.0, 175.0]],
    ids=["on beyond 180", "from before -180", "wrapped"],
)
def test_an_area_across_the_antimeridian_is_one_piece(longitude):
    axes = ascending_axes(np.array([60.0, 65.0]), np.array(longitude))

    assert axes.lon_deg.tolist() == [170.0, 175.0, 180.0, 185.0]


@pytest.mark.parametrize(
    ("latitude", "longitude", "field", "message"),
    [
        ([60.0, 60.0], [0.0, 1.0], "latitude", "occurs twice"),
        ([-120.0, 0.0, 120.0], [0.0, 1.0], "latitude", "values that are none"),
        ([60.0, 61.0], [0.0, np.nan], "longitude", "values that are none"),
        ([60.0, 61.0, 62.5], [0.0, 1.0], "latitude", "not evenly spaced"),
        ([60.0, 61.0], [0.0, 1.0, 3.0, 4.0, 5.0], "longitude", "not evenly spaced"),
        ([], [0.0, 1.0], "latitude", "values that are none"),
    ],
    ids=["latitude twice", "longitudes as latitudes", "unknown", "Gaussian", "a meridian is missing", "empty"],
)
def test_axes_that_are_none_are_refused(latitude, longitude, field, message):
    with pytest.raises(SchemaError, match=message) as caught:
        ascending_axes(np.array(latitude), np.array(longitude))

    assert caught.value.field == field


def test_half_a_globe_is_refused_and_a_region_of_cells_within_is_not():
    grid = parse_grid("h3_3")
    polygons = grid.polygons(grid.cells_north_of(75.0))
    lat_deg, east = np.arange(70.0, 90.25, 0.25), np.arange(0.0, 180.0, 0.25)

    with pytest.raises(SchemaError, match="beside the cells") as caught:
        require_cells_within(lat_deg, east, polygons)

    assert caught.value.field == "longitude"
    lon_deg, _ = grid.centres(grid.cells_north_of(75.0))
    with pytest.raises(SchemaError, match="beside the cells"):
        require_cells_within(np.arange(70.0, 80.0, 0.25), np.arange(-180.0, 180.0, 0.25), polygons)
    with pytest.raises(SchemaError, match="beside the cells"):
        require_cells_within(np.arange(84.0, 90.25, 0.25), np.arange(-180.0, 180.0, 0.25), polygons)
    require_cells_within(lat_deg, east, polygons[(lon_deg > 1) & (lon_deg < 179)])
    require_cells_within(lat_deg, np.arange(-180.0, 180.0, 0.25), polygons)
    across = np.arange(160.0, 210.0, 0.25)
    require_cells_within(lat_deg, across, polygons[(lon_deg > 162) | (lon_deg < -152)])
    with pytest.raises(SchemaError, match="beside the cells"):
        require_cells_within(lat_deg, across, polygons[(lon_deg > 0) & (lon_deg < 100)])


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
