"""Laws of cell outlines and areas: they tessellate, at the pole and at ±180° too, and have the true size."""

import h3.api.numpy_int as h3
import healpy
import numpy as np
import pytest
import shapely
from pyproj import Geod

from entropice.dggs import equal_area_m2, parse_grid
from entropice.dggs.polar import project, ring_polygons, unproject

# Small caps for fine grids: about 2,000 cells each at most.
CAPS = [
    ("h3_3", 55.0),
    ("h3_4", 78.0),
    ("h3_5", 85.0),
    ("h3_6", 88.0),
    ("healpix_6", 60.0),
    ("healpix_7", 75.0),
    ("healpix_8", 82.0),
    ("healpix_9", 87.0),
    ("healpix_10", 88.5),
]
CAP_60_N_KM2 = 34_415_850.5
POLE = shapely.Point(0.0, 0.0)
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module", params=CAPS, ids=[key for key, _ in CAPS])
def cap(request):
    """Grid, cells, outlines."""
    key, min_lat_deg = request.param
    grid = parse_grid(key)
    cells = grid.cells_north_of(min_lat_deg)
    return grid, cells, grid.polygons(cells)


def test_outlines_are_valid_polygons_around_their_centres(cap):
    grid, cells, polygons = cap
    centres = shapely.points(project(*grid.centres(cells)))
    assert shapely.is_valid(polygons).all()
    assert shapely.contains_properly(polygons, centres).all()


def test_outlines_tessellate(cap):
    _, _, polygons = cap
    union = shapely.coverage_union_all(polygons)
    assert shapely.coverage_is_valid(polygons)
    assert union.geom_type == "Polygon"
    assert not union.interiors
    assert equal_area_m2(union) == pytest.approx(equal_area_m2(polygons).sum(), rel=1e-12)


def test_the_pole_is_in_one_hexagon_and_at_the_corner_of_four_healpix_cells(cap):
    grid, _, polygons = cap
    assert shapely.contains_properly(polygons, POLE).sum() == (1 if grid.name == "h3" else 0)
    assert shapely.intersects(polygons, POLE).sum() == (1 if grid.name == "h3" else 4)


def test_cells_on_the_antimeridian_are_as_small_as_the_others(cap):
    grid, cells, polygons = cap
    _, lat_deg = grid.centres(cells)
    antimeridian = shapely.LineString(project(np.array([180.0, 180.0]), np.array([lat_deg.min(), 90.0])))
    on_the_line = shapely.intersects(polygons, antimeridian)
    area_m2 = equal_area_m2(polygons)
    assert on_the_line.sum() > 10
    assert area_m2[on_the_line].max() <= 1.01 * area_m2[~on_the_line].max()


def test_no_vertex_lies_beyond_the_reach_of_its_cell(cap):
    grid, cells, polygons = cap
    assert _farthest_vertex_m(grid, cells, polygons) <= grid.reach_m


@pytest.mark.parametrize("key", ["h3_3", "h3_4", "healpix_6"])
def test_the_reach_holds_down_to_50_degrees_and_is_not_wasteful(key):
    grid = parse_grid(key)
    cells = grid.cells_north_of(50.0)
    farthest_m = _farthest_vertex_m(grid, cells, grid.polygons(cells))
    assert 0.7 * grid.reach_m < farthest_m <= grid.reach_m


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
def test_on_the_ground_the_reach_holds_down_to_the_equator(key):
    grid = parse_grid(key)
    cells = grid.cells_north_of(0.0)
    vertices, cell = shapely.get_coordinates(grid.polygons(cells), return_index=True)
    lon_deg, lat_deg = grid.centres(cells)
    _, _, distance_m = GEOD.inv(lon_deg[cell], lat_deg[cell], *unproject(vertices))
    assert distance_m.max() <= grid.reach_m


def _farthest_vertex_m(grid, cells, polygons):
    vertices, cell = shapely.get_coordinates(polygons, return_index=True)
    return np.hypot(*(vertices - project(*grid.centres(cells))[cell]).T).max()


def test_areas_are_the_geodesic_ones(cap):
    _, _, polygons = cap
    some = polygons[:: max(1, len(polygons) // 100)]
    geodesic_m2 = [abs(GEOD.polygon_area_perimeter(*unproject(shapely.get_coordinates(p)))[0]) for p in some]
    np.testing.assert_allclose(equal_area_m2(some), geodesic_m2, rtol=2e-5)


@pytest.mark.parametrize("key", ["h3_3", "h3_4", "h3_5", "h3_6"])
def test_h3_areas_exceed_the_spherical_ones_by_what_the_ellipsoid_adds(key):
    grid = parse_grid(key)
    cells = grid.cells_north_of(60.0 if grid.level < 5 else 85.0)[:: 10 ** max(0, grid.level - 3)]
    spherical_m2 = np.array([h3.cell_area(cell, unit="m^2") for cell in cells.tolist()])
    excess = equal_area_m2(grid.polygons(cells)) / spherical_m2 - 1.0
    assert excess.min() > 0.0055
    assert excess.max() < 0.0091


@pytest.mark.parametrize(("key", "min_lat_deg"), [(key, lat) for key, lat in CAPS if key.startswith("healpix")])
def test_healpix_cells_are_equal_on_the_sphere_and_nearly_so_on_the_ellipsoid(key, min_lat_deg):
    grid = parse_grid(key)
    area_m2 = equal_area_m2(grid.polygons(grid.cells_north_of(min_lat_deg)))
    sphere_m2 = healpy.nside2pixarea(2**grid.level) * 6_371_007.18**2
    assert area_m2.max() / area_m2.min() < 1.005
    assert sphere_m2 * 1.004 < area_m2.mean() < sphere_m2 * 1.012


def test_the_area_of_the_cap_north_of_60_degrees():
    lon_deg = np.linspace(-180.0, 180.0, 36_000, endpoint=False)
    cap = ring_polygons(lon_deg, np.full_like(lon_deg, 60.0), np.zeros(len(lon_deg), dtype=np.int64))
    assert equal_area_m2(cap)[0] / 1e6 == pytest.approx(CAP_60_N_KM2, abs=1.0)


def test_cutting_conserves_area():
    square = shapely.box(-1_900_000.0, -200_000.0, 200_000.0, 1_900_000.0)
    pieces = [
        shapely.box(x, y, x + 300_000.0, y + 700_000.0)
        for x in range(-1_900_000, 200_000, 300_000)
        for y in range(-200_000, 1_900_000, 700_000)
    ]
    assert equal_area_m2(np.array(pieces)).sum() == pytest.approx(equal_area_m2(square), rel=1e-12)


def test_a_polar_square_is_smaller_than_its_planar_area():
    # At the pole EPSG:3413 shrinks lengths by k0 = 0.97 (standard parallel 70° N): areas by 0.9406, measured.
    square = shapely.box(-500.0, -500.0, 500.0, 500.0)
    assert square.area / equal_area_m2(square) == pytest.approx(0.9406, abs=1e-4)


def test_nothing_has_no_area():
    assert equal_area_m2(np.array([shapely.Polygon()])).tolist() == [0.0]
