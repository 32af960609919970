"""Every piece of land is in exactly one tile of the frame, and areas are true ones."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.dggs import parse_grid
from entropice.errors import LabelError
from entropice.imagery.tile_frame import middles_on, tile_frame

GRID = parse_grid("h3_4")
PIXEL_M, N_PIXELS = 3.0, 512
EDGE_M = PIXEL_M * N_PIXELS


@pytest.fixture(scope="module")
def cells():
    cell_ids = np.unique(GRID.cell_at(np.array([-135.0, -134.0, -133.5]), np.array([69.0, 69.3, 68.8])))
    return gpd.GeoDataFrame({"cell_id": cell_ids}, geometry=GRID.polygons(cell_ids), crs=POLAR_CRS)


@pytest.fixture(scope="module")
def land(cells):
    left, bottom, right, top = cells.total_bounds
    west = shapely.box(left - 1e5, bottom - 1e5, (left + right) / 2, top + 1e5)
    return gpd.GeoDataFrame(geometry=[west], crs=POLAR_CRS)


@pytest.fixture(scope="module")
def frame(cells, land):
    return tile_frame(cells, land, PIXEL_M, N_PIXELS, GRID)


def boxes(frame):
    return shapely.box(frame["left_m"], frame["top_m"] - EDGE_M, frame["left_m"] + EDGE_M, frame["top_m"])


def test_tiles_do_not_overlap_and_lie_on_one_lattice(frame):
    corners = frame[["left_m", "top_m"]].to_numpy()
    assert not frame.duplicated(["left_m", "top_m"]).any()
    assert frame["key"].is_unique
    assert np.all(corners % EDGE_M == 0)


def test_each_tile_is_in_the_cell_that_its_middle_lies_in(frame, cells):
    middles = gpd.GeoSeries(shapely.centroid(boxes(frame)), crs=POLAR_CRS).to_crs(LON_LAT_CRS)
    expected = GRID.cell_at(middles.x.to_numpy(), middles.y.to_numpy())
    assert np.array_equal(frame["cell_id"], expected)
    assert set(frame["cell_id"]) <= set(cells["cell_id"])


def test_areas_add_up_to_the_true_area_of_land(frame, cells, land):
    ground = gpd.overlay(cells, land).to_crs(EQUAL_AREA_CRS).area.sum()
    assert frame["land_area_m2"].sum() == pytest.approx(ground, rel=0.02)


def test_order_goes_from_north_west_to_south_east(frame):
    keys = list(zip(-frame["top_m"], frame["left_m"], strict=True))
    assert keys == sorted(keys)


def test_tiles_without_land_are_none(frame, land):
    assert (frame["land_area_m2"] > 0).all()
    assert shapely.intersects(boxes(frame), land.geometry[0]).all()


def test_tiles_on_some_ground_are_those_whose_middles_lie_there(frame, land):
    boxes_of_tiles = boxes(frame)
    left, bottom, right, top = shapely.total_bounds(boxes_of_tiles)
    ground = gpd.GeoDataFrame(geometry=[shapely.box(left, bottom, right, (bottom + top) / 2)], crs=POLAR_CRS)
    on_ground = middles_on(frame, ground)
    assert np.array_equal(on_ground, shapely.within(shapely.centroid(boxes_of_tiles), ground.geometry[0]))
    assert 0 < on_ground.sum() < len(frame)


def test_cells_without_land_are_refused(cells):
    nowhere = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=POLAR_CRS)
    with pytest.raises(LabelError, match="No tile holds land"):
        tile_frame(cells, nowhere, PIXEL_M, N_PIXELS, GRID)
