"""Cells of a region: the contract's columns, and land that is neither lost nor counted twice."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from entropice.crs import POLAR_CRS
from entropice.dggs import Region, build_cells, equal_area_m2, parse_grid
from entropice.dggs.polar import project, ring_polygons
from entropice.errors import GridError

CAP_60_N_KM2 = 34_415_850.5


def land_of(*polygons):
    return gpd.GeoDataFrame(geometry=list(polygons), crs=POLAR_CRS)


def cap_north_of(lat_deg):
    lon_deg = np.linspace(-180.0, 180.0, 36_000, endpoint=False)
    return ring_polygons(lon_deg, np.full_like(lon_deg, lat_deg), np.zeros(len(lon_deg), dtype=np.int64))[0]


def test_columns_and_order_follow_the_contract():
    land = land_of(shapely.box(-300_000.0, -300_000.0, 300_000.0, 300_000.0))
    cells = build_cells(parse_grid("h3_4"), Region.north_of(80.0), land, 0.05)
    assert list(cells.columns) == ["cell_id", "lon_deg", "lat_deg", "area_m2", "land_fraction", "geometry"]
    assert cells.crs == POLAR_CRS
    assert cells["cell_id"].dtype == np.uint64
    assert cells["cell_id"].is_monotonic_increasing
    assert cells["cell_id"].is_unique
    assert cells.index.tolist() == list(range(len(cells)))
    assert cells["land_fraction"].between(0.05, 1.0).all()


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
def test_all_land_is_counted_once(key):
    """A cap of known area, in four overlap-free quarters, comes back cell by cell."""
    half = 5_000_000.0
    quarters = [
        cap_north_of(60.0).intersection(shapely.box(x, y, x + half, y + half)) for x in (-half, 0) for y in (-half, 0)
    ]
    cells = build_cells(parse_grid(key), Region.north_of(57.0), land_of(*quarters), 1e-12)
    land_km2 = (cells["land_fraction"] * cells["area_m2"]).sum() / 1e6
    assert land_km2 == pytest.approx(CAP_60_N_KM2, rel=1e-6)


@given(
    left_m=st.floats(-1_500_000.0, 500_000.0),
    bottom_m=st.floats(-500_000.0, 1_000_000.0),
    size_m=st.floats(50_000.0, 700_000.0),
)
def test_land_is_conserved_wherever_it_lies(left_m, bottom_m, size_m):
    island = shapely.box(left_m, bottom_m, left_m + size_m, bottom_m + size_m)
    cells = build_cells(parse_grid("h3_3"), Region.north_of(60.0), land_of(island), 1e-12)
    land_m2 = (cells["land_fraction"] * cells["area_m2"]).sum()
    assert land_m2 == pytest.approx(equal_area_m2(island), rel=1e-5)


def test_a_cell_within_land_is_wholly_land_and_half_a_cell_is_half():
    grid = parse_grid("h3_4")
    cell = grid.cell_at(np.array([10.0]), np.array([75.0]))
    outline = grid.polygons(cell)[0]
    left, bottom, right, top = outline.bounds
    middle = (left + right) / 2
    region = Region.inside(outline)
    whole = build_cells(grid, region, land_of(outline.buffer(5_000.0)), 0.5)
    assert whole["cell_id"].tolist() == cell.tolist()
    assert whole["land_fraction"].tolist() == [pytest.approx(1.0, abs=1e-12)]
    half = build_cells(grid, region, land_of(shapely.box(left, bottom, middle, top)), 0.01)
    assert half["land_fraction"].tolist() == [pytest.approx(0.5, abs=0.02)]


def test_cells_with_too_little_land_are_left_out():
    land = land_of(shapely.box(-400_000.0, -400_000.0, 400_000.0, 400_000.0))
    grid, region = parse_grid("healpix_6"), Region.north_of(70.0)
    every = build_cells(grid, region, land, 1e-12)
    most = build_cells(grid, region, land, 0.5)
    assert most["cell_id"].tolist() == every.loc[every["land_fraction"] >= 0.5, "cell_id"].tolist()
    assert 0 < len(most) < len(every)


def test_many_blocks_give_the_same_cells_as_one(monkeypatch):
    land = land_of(shapely.box(-400_000.0, -400_000.0, 400_000.0, 400_000.0))
    arguments = parse_grid("h3_4"), Region.north_of(80.0), land, 0.05
    one = build_cells(*arguments)
    monkeypatch.setattr("entropice.dggs.cells.CELLS_PER_BLOCK", 37)
    assert_geodataframe_equal(build_cells(*arguments), one)


def test_a_region_across_pole_and_antimeridian_holds_the_cells_with_centres_in_it():
    grid = parse_grid("h3_4")
    box = shapely.box(-2_000_000.0, -200_000.0, 200_000.0, 2_000_000.0)
    cells = Region.inside(box).cells(grid)
    x, y = project(*grid.centres(cells)).T
    every = grid.cells_north_of(50.0)
    every_x, every_y = project(*grid.centres(every)).T
    inside = (every_x >= -2e6) & (every_x <= 2e5) & (every_y >= -2e5) & (every_y <= 2e6)
    np.testing.assert_array_equal(cells, every[inside])
    assert np.hypot(x, y).min() < 30_000.0


def test_a_centre_at_the_southern_limit_belongs_to_the_region():
    grid = parse_grid("healpix_6")
    cells = grid.cells_north_of(60.0)
    _, lat_deg = grid.centres(cells)
    ring_deg = float(np.sort(lat_deg)[len(lat_deg) // 2])
    assert set(cells[lat_deg == ring_deg].tolist()) <= set(Region.north_of(ring_deg).cells(grid).tolist())


def test_no_cell_in_the_region_is_an_error_that_names_the_parameter():
    tiny = shapely.box(100_000.0, 100_000.0, 100_001.0, 100_001.0)
    with pytest.raises(GridError, match="No cell of h3_3") as caught:
        Region.inside(tiny, parameter="grids.region.file").cells(parse_grid("h3_3"))
    assert caught.value.field == "grids.region.file"


@pytest.mark.parametrize("distance_m", [0.0, 2_500_000.0], ids=["too little land", "land far away"])
def test_no_land_in_the_region_is_an_error_that_names_the_parameter(distance_m):
    island = shapely.box(distance_m, distance_m, distance_m + 100.0, distance_m + 100.0)
    with pytest.raises(GridError, match="enough land") as caught:
        build_cells(parse_grid("h3_3"), Region.north_of(80.0), land_of(island), 0.05)
    assert caught.value.field == "min_lat_deg"
    assert "min_land_fraction" in str(caught.value)


@pytest.mark.parametrize("min_lat_deg", [-60.0, 0.0, 49.9, 90.0, float("nan")])
def test_a_latitude_outside_the_mapped_part_is_refused(min_lat_deg):
    with pytest.raises(GridError, match="latitudes") as caught:
        Region.north_of(min_lat_deg, parameter="grids.region.min_lat_deg")
    assert caught.value.field == "grids.region.min_lat_deg"


def test_a_polygon_that_reaches_too_far_south_is_refused():
    with pytest.raises(GridError, match="latitudes"):
        Region.inside(cap_north_of(49.0))


def test_a_polygon_down_to_the_limit_is_accepted():
    assert Region.inside(cap_north_of(50.0)).min_lat_deg == pytest.approx(50.0, abs=1e-6)


def test_a_region_without_area_is_refused():
    with pytest.raises(GridError, match="no area"):
        Region.inside(shapely.Polygon())
