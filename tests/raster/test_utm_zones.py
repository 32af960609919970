import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.dggs import parse_grid
from entropice.dggs.polar import equal_area_m2
from entropice.raster.utm_zones import UtmRaster, cells_near, cells_on, projected, utm_crs, zone_lon_deg
from entropice.zonal.coverage import cell_coverage

PIXEL_M = 10_240.0
POLE_TO_CIRCLE = {"left_m": -155_360.0, "south_m": 7_000_000.0, "n_px": 310}


def raster(zone, left_m=400_000.0, south_m=7_900_000.0, n_px=20, up=False):
    first_m, step_m = (south_m, PIXEL_M) if up else (south_m + n_px * PIXEL_M, -PIXEL_M)
    return UtmRaster(zone, (PIXEL_M, 0.0, left_m, 0.0, step_m, first_m), (n_px, n_px))


def whole_zone(zone):
    return raster(zone, **POLE_TO_CIRCLE)


def cells_at(grid, lon_deg, lat_deg):
    """The cell there and its neighbourhood."""
    found = parse_grid(grid)
    ids = found.cells_north_of(66.0)
    polygons = found.polygons(ids)
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(lon_deg, lat_deg)
    near = shapely.STRtree(polygons).query(shapely.Point(x, y).buffer(200_000.0), predicate="intersects")
    return polygons[np.sort(near)]


@given(zone=st.integers(1, 60))
def test_zones_follow_each_other_around_the_globe(zone):
    west_deg, east_deg = zone_lon_deg(zone)

    assert east_deg - west_deg == 6
    assert zone_lon_deg(zone % 60 + 1)[0] == pytest.approx(-180 if zone == 60 else east_deg)
    middle = Transformer.from_crs("EPSG:4326", utm_crs(zone), always_xy=True).transform(west_deg + 3, 75.0)
    assert middle[0] == pytest.approx(500_000)


@pytest.mark.parametrize("up", [False, True])
def test_bounds_do_not_depend_on_the_way_rows_run(up):
    assert raster(33, up=up).bounds_m == (400_000.0, 7_900_000.0, 604_800.0, 8_104_800.0)
    assert raster(33, up=up).coarsened(4).bounds_m == raster(33, up=up).bounds_m
    assert raster(33, up=up).coarsened(4).shape == (5, 5)


@pytest.mark.parametrize("grid", ["h3_3", "healpix_6"])
@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "zones"),
    [(180.0, 72.0, [59, 60, 1, 2]), (12.0, 72.0, [31, 32, 33, 34]), (0.0, 90.0, range(1, 61))],
    ids=["antimeridian", "zone border", "pole"],
)
def test_parts_in_all_zones_are_the_whole_cell(grid, lon_deg, lat_deg, zones):
    polygons = cells_at(grid, lon_deg, lat_deg)
    inside = np.array([lat_deg == 90.0 or _spans(polygon, zones) for polygon in polygons])
    found_m2 = np.zeros(len(polygons))

    for zone in zones:
        rows, parts = cells_on(whole_zone(zone), polygons)
        found_m2[rows] += equal_area_m2(projected(parts, utm_crs(zone), "EPSG:3413"))

    assert inside.sum() > 2
    expected_m2 = equal_area_m2(projected(polygons, "EPSG:3413", "EPSG:3413"))
    np.testing.assert_allclose(found_m2[inside], expected_m2[inside], rtol=1e-6)


def _spans(polygon, zones):
    """Whether all of a cell lies in the zones."""
    x, y = shapely.get_coordinates(polygon).T
    lon_deg, _ = Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True).transform(x, y)
    return set((np.floor((lon_deg + 180) / 6).astype(int) % 60 + 1).tolist()) <= set(zones)


@pytest.mark.parametrize("zone", [60, 1, 33])
def test_parts_stay_between_the_meridians(zone):
    west_deg, east_deg = zone_lon_deg(zone)

    _, parts = cells_on(whole_zone(zone), cells_at("h3_3", west_deg, 75.0))

    x, y = shapely.get_coordinates(parts).T
    lon_deg, _ = Transformer.from_crs(utm_crs(zone), "EPSG:4326", always_xy=True).transform(x, y)
    beyond_deg = np.abs((lon_deg - (west_deg + east_deg) / 2 + 180) % 360 - 180) - 3
    assert len(parts) > 2
    assert beyond_deg.max() < 1e-6


@pytest.mark.parametrize("grid", ["h3_3", "healpix_6"])
@pytest.mark.parametrize("zone", [60, 1])
def test_weights_of_a_pixel_between_the_meridians_add_up_to_one(grid, zone):
    """At the antimeridian, on a bottom-up raster."""
    square = raster(zone, left_m=450_000.0, south_m=8_000_000.0, n_px=8, up=True)
    _, parts = cells_on(square, cells_at(grid, 177.0 if zone == 60 else -177.0, 72.5))

    coverage = cell_coverage(parts, square.affine, square.shape)
    sums = np.zeros(square.shape)
    np.add.at(sums, (coverage.borders.row, coverage.borders.column), coverage.borders.weight)
    for row, first, stop in zip(*coverage.runs, strict=True):
        sums[row, first:stop] += 1

    np.testing.assert_allclose(sums, 1.0, atol=1e-9)


def test_the_tree_finds_every_cell_that_has_ground():
    polygons = cells_at("h3_3", 180.0, 72.0)
    square = raster(60, left_m=560_000.0)

    near = cells_near(shapely.STRtree(polygons), square)
    rows, _ = cells_on(square, polygons)

    assert 0 < len(rows) < len(polygons)
    assert set(rows.tolist()) <= set(near.tolist())
    assert (np.diff(near) > 0).all()


def test_a_raster_outside_its_zone_has_no_ground():
    square = raster(33, left_m=900_000.0)
    polygons = cells_at("h3_3", 25.0, 72.0)

    assert len(cells_near(shapely.STRtree(polygons), square)) == 0
    assert len(cells_on(square, polygons)[0]) == 0
