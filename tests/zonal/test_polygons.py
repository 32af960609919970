"""Polygons to cells: every slump counted once, no ground lost at borders."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.zonal.polygons import OUTSIDE, cut, locate

CELL_M = 1000.0
N_SIDE = 4
CELLS = np.array(
    [
        shapely.box(x * CELL_M, y * CELL_M, (x + 1) * CELL_M, (y + 1) * CELL_M)
        for x in range(N_SIDE)
        for y in range(N_SIDE)
    ],
    dtype=object,
)
INSIDE_M = st.floats(0.0, CELL_M * N_SIDE)
ANYWHERE_M = st.floats(-CELL_M, CELL_M * (N_SIDE + 1))


def discs(place):
    return st.lists(
        st.builds(lambda x, y, r: shapely.Point(x, y).buffer(r), place, place, st.floats(1, 900)),
        min_size=1,
        max_size=20,
    ).map(lambda polygons: np.array(polygons, dtype=object))


def inside_the_grid(polygons):
    return shapely.intersection(polygons, shapely.box(0, 0, CELL_M * N_SIDE, CELL_M * N_SIDE))


def test_areas_are_split_at_borders():
    outline = np.array([shapely.box(900, 400, 1300, 500)], dtype=object)
    pieces = cut(CELLS, outline)
    assert dict(zip(pieces.left.tolist(), pieces.area_m2.tolist(), strict=True)) == {0: 10_000.0, 4: 30_000.0}


def test_the_part_outside_the_grid_belongs_to_no_cell():
    outline = np.array([shapely.box(-500, 0, 500, 1000)], dtype=object)
    assert cut(CELLS, outline).area_by_left_m2(len(CELLS)).sum() == 500_000.0


def test_a_polygon_that_holds_cells_gives_them_whole():
    pieces = cut(CELLS, np.array([shapely.box(-1, -1, 1e5, 1e5)], dtype=object))
    assert pieces.area_by_left_m2(len(CELLS)).tolist() == [CELL_M**2] * len(CELLS)


def test_a_point_on_a_border_belongs_to_one_cell():
    on_border = np.array([shapely.box(900, 900, 1100, 1100)], dtype=object)
    assert locate(CELLS, on_border).tolist() == [0]


def test_nothing_cuts_to_nothing():
    none = np.array([], dtype=object)
    assert cut(CELLS, none).area_by_left_m2(len(CELLS)).tolist() == [0.0] * len(CELLS)
    assert locate(CELLS, none).size == 0


@given(discs(ANYWHERE_M))
def test_every_polygon_is_in_exactly_one_cell_or_outside(polygons):
    cell = locate(CELLS, polygons)
    points = shapely.point_on_surface(polygons)
    holds = shapely.intersects(CELLS[:, None], points[None, :])
    assert (cell == OUTSIDE).tolist() == (~holds.any(axis=0)).tolist()
    assert holds[cell[cell != OUTSIDE], np.flatnonzero(cell != OUTSIDE)].all()


@given(discs(INSIDE_M))
def test_areas_inside_the_grid_are_conserved(polygons):
    polygons = inside_the_grid(polygons)
    pieces = cut(CELLS, polygons)
    by_polygon = np.bincount(pieces.right, weights=pieces.area_m2, minlength=len(polygons))
    assert by_polygon == pytest.approx(shapely.area(polygons), rel=1e-9)


@given(discs(ANYWHERE_M))
def test_pieces_are_what_plain_intersection_gives(polygons):
    pieces = cut(CELLS, polygons)
    brute = shapely.area(shapely.intersection(CELLS[:, None], polygons[None, :]))
    table = np.zeros_like(brute)
    np.add.at(table, (pieces.left, pieces.right), pieces.area_m2)
    assert table == pytest.approx(brute, rel=1e-9, abs=1e-6)
