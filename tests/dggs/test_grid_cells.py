"""Laws of every grid: which cells there are, where they lie, and how they nest."""

import h3.api.numpy_int as h3
import healpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from entropice.dggs import GRID_KEYS, H3Grid, parse_grid
from entropice.dggs.healpix_grid import HealpixGrid
from entropice.errors import GridError

GEOD = Geod(ellps="WGS84")

# Counted independently of this package, with h3ronpy and with healpy over all cells of the globe.
N_CELLS = [
    ("h3_3", 55.0, 3_728),
    ("h3_3", 60.0, 2_738),
    ("h3_4", 55.0, 26_063),
    ("h3_4", 60.0, 19_160),
    ("h3_5", 60.0, 134_102),
    ("healpix_6", 55.0, 4_512),
    ("healpix_6", 60.0, 3_280),
    ("healpix_7", 60.0, 13_284),
    ("healpix_8", 60.0, 52_812),
]


@pytest.fixture(params=GRID_KEYS)
def grid(request):
    return parse_grid(request.param)


def test_every_key_is_its_grid_s_key():
    assert [parse_grid(key).key for key in GRID_KEYS] == list(GRID_KEYS)
    assert len(GRID_KEYS) == 9


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("h3_44", "h3_4"), ("h3_", "h3_"), ("h3_7", "h3_"), ("healpix8", "healpix_8"), ("H3_4", "h3_4"), ("", "")],
)
def test_unknown_grid_is_refused_with_the_valid_keys(key, nearest):
    with pytest.raises(GridError) as caught:
        parse_grid(key)
    assert caught.value.got == key
    assert all(valid in str(caught.value) for valid in GRID_KEYS)
    assert f"nearest is {nearest}" in caught.value.fix


@pytest.mark.parametrize(("key", "min_lat_deg", "n_cells"), N_CELLS)
def test_known_numbers_of_cells(key, min_lat_deg, n_cells):
    assert len(parse_grid(key).cells_north_of(min_lat_deg)) == n_cells


@pytest.mark.parametrize("key", ["h3_3", "healpix_6"])
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(30, 90)), min_size=1, max_size=5), st.floats(1.0, 400_000.0))
@settings(max_examples=10, deadline=None)
def test_cells_near_points_are_all_that_are_near_and_few_others(key, points, within_m):
    grid = parse_grid(key)
    lon_deg, lat_deg = np.array(points).T
    cells = grid.cells_north_of(15.0)
    centres = grid.centres(cells)
    distances_m = [GEOD.inv(*centres, *np.broadcast_arrays(*point, centres[0])[:2])[2] for point in points]
    nearest_m = np.min(distances_m, axis=0)

    found = grid.cells_near(lon_deg, lat_deg, within_m)

    assert set(cells[nearest_m <= within_m].tolist()) <= set(found.tolist())
    assert set(found.tolist()) <= set(cells[nearest_m <= 1.02 * within_m].tolist())
    assert (np.diff(found.astype(np.int64)) > 0).all()


def test_cells_are_sorted_unique_and_exactly_the_northern_ones(grid):
    cells = grid.cells_north_of(84.0)
    _, lat_deg = grid.centres(cells)
    assert cells.dtype == np.uint64
    assert (np.diff(cells.astype(np.int64)) > 0).all()
    assert lat_deg.min() >= 84.0
    wider = grid.cells_north_of(83.0)
    _, wider_lat_deg = grid.centres(wider)
    np.testing.assert_array_equal(wider[wider_lat_deg >= 84.0], cells)


@given(min_lat_deg=st.floats(-10.0, 89.9))
def test_pruning_the_h3_hierarchy_loses_no_cell(min_lat_deg):
    grid = H3Grid(3)
    everywhere = np.sort(h3.uncompact_cells(h3.get_res0_cells(), 3))
    _, lat_deg = grid.centres(everywhere)
    np.testing.assert_array_equal(grid.cells_north_of(min_lat_deg), everywhere[lat_deg >= min_lat_deg])


@given(min_lat_deg=st.floats(-10.0, 89.9))
def test_the_healpix_strip_loses_no_cell(min_lat_deg):
    grid = HealpixGrid(6)
    everywhere = np.arange(healpy.nside2npix(64), dtype=np.uint64)
    _, lat_deg = grid.centres(everywhere)
    np.testing.assert_array_equal(grid.cells_north_of(min_lat_deg), everywhere[lat_deg >= min_lat_deg])


def test_centres_are_wgs84_degrees(grid):
    lon_deg, lat_deg = grid.centres(grid.cells_north_of(84.0))
    assert lon_deg.min() >= -180.0
    assert lon_deg.max() < 180.0
    assert lat_deg.max() <= 90.0
    assert abs(np.median(lon_deg)) < 10.0


def test_the_cell_at_a_centre_is_the_cell(grid):
    cells = grid.cells_north_of(84.0)
    np.testing.assert_array_equal(grid.cell_at(*grid.centres(cells)), cells)


def test_longitudes_of_plus_and_minus_180_are_one_meridian(grid):
    lat_deg = np.linspace(55.0, 89.9, 200)
    east, west = (grid.cell_at(np.full(200, lon_deg), lat_deg) for lon_deg in (180.0, -180.0))
    np.testing.assert_array_equal(east, west)


def test_empty_cell_lists_stay_empty(grid):
    none = np.array([], dtype=np.uint64)
    lon_deg, lat_deg = grid.centres(none)
    assert len(lon_deg) == len(lat_deg) == len(grid.polygons(none)) == len(grid.parents(none, 2)) == 0
    assert grid.cell_at(np.array([]), np.array([])).dtype == np.uint64


@given(level=st.integers(0, 4))
def test_h3_parents_are_those_of_the_h3_library(level):
    cells = H3Grid(4).cells_north_of(75.0)
    expected = np.array([h3.cell_to_parent(cell, level) for cell in cells.tolist()], dtype=np.uint64)
    np.testing.assert_array_equal(H3Grid(4).parents(cells, level), expected)


@given(level=st.integers(6, 8))
def test_a_healpix_parent_holds_the_centres_of_its_descendants(level):
    cells = HealpixGrid(8).cells_north_of(75.0)
    lon_deg, lat_deg = HealpixGrid(8).centres(cells)
    at_centre = HealpixGrid(level).cell_at(lon_deg, lat_deg)
    np.testing.assert_array_equal(HealpixGrid(8).parents(cells, level), at_centre)


def test_parents_at_the_own_level_are_the_cells(grid):
    cells = grid.cells_north_of(87.0)
    np.testing.assert_array_equal(grid.parents(cells, grid.level), cells)


def test_parents_of_parents_are_grandparents(grid):
    cells = grid.cells_north_of(87.0)
    through = type(grid)(grid.level - 1).parents(grid.parents(cells, grid.level - 1), 1)
    np.testing.assert_array_equal(grid.parents(cells, 1), through)


@pytest.mark.parametrize("n_deeper", [-100, 1])
def test_impossible_parent_levels_are_refused(grid, n_deeper):
    level = max(grid.level + n_deeper, -1)
    with pytest.raises(GridError, match=f"no parents at level {level}"):
        grid.parents(grid.cells_north_of(89.0), level)
