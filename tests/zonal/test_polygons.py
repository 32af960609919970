"""Polygons to cells: every slump counted once, no ground lost at borders."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.dggs import parse_grid
from entropice.zonal import polygons as zonal_polygons
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


def table_of(pieces, shape):
    """Area of each pair, shape (n_left, n_right)."""
    table = np.zeros(shape)
    np.add.at(table, (pieces.left, pieces.right), pieces.area_m2)
    return table


def star(x, y, n_corners, radius_m, phase):
    """A polygon of many corners, some of them concave."""
    angle = np.linspace(0, 2 * np.pi, 2 * n_corners, endpoint=False) + phase
    radii = np.where(np.arange(2 * n_corners) % 2, radius_m, radius_m * 0.6)
    return shapely.Polygon(np.column_stack([x + radii * np.cos(angle), y + radii * np.sin(angle)]))


def ring(x, y, radius_m):
    """A polygon with a hole."""
    return shapely.Point(x, y).buffer(radius_m) - shapely.Point(x + radius_m / 5, y).buffer(radius_m / 2)


def pair(x, y, radius_m):
    """A polygon of two parts."""
    return shapely.MultiPolygon([shapely.box(x, y, x + radius_m, y + 40), star(x - 900, y + 700, 7, radius_m, 0.3)])


ANY_SHAPE = st.one_of(
    st.builds(star, ANYWHERE_M, ANYWHERE_M, st.integers(3, 60), st.floats(1, 3000), st.floats(0, 6)),
    st.builds(ring, ANYWHERE_M, ANYWHERE_M, st.floats(5, 3000)),
    st.builds(pair, ANYWHERE_M, ANYWHERE_M, st.floats(5, 800)),
    st.builds(
        lambda x, y, side: shapely.box(x, y, x + side, y + side),
        *[st.integers(-1, 5).map(float) for _ in "xy"],
        st.sampled_from([1e-3, 1.0, 500.0, CELL_M]),
    ),
)


@given(
    st.lists(ANY_SHAPE, min_size=1, max_size=6),
    st.lists(ANY_SHAPE, min_size=1, max_size=6),
    st.sampled_from([20, 10_000]),
)
def test_any_two_sets_share_what_plain_intersection_gives(left, right, most_vertices):
    left, right = (np.array(polygons, dtype=object) for polygons in (left, right))
    expected = shapely.area(shapely.intersection(left[:, None], right[None, :]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zonal_polygons, "MOST_VERTICES", most_vertices)
        pieces = cut(left, right)

    assert table_of(pieces, expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (pieces.area_m2 > 0).all()


@pytest.mark.parametrize("key", ["h3_4", "healpix_6"])
def test_cells_share_out_the_area_of_a_large_coast_and_of_small_slumps(key):
    grid, random = parse_grid(key), np.random.default_rng(0)
    cells = grid.polygons(grid.cells_north_of(83.0))
    coast = shapely.intersection(star(0.0, 0.0, 4_000, 6e5, 0.1), shapely.Point(2e5, 0).buffer(4e5))
    places = random.uniform(-5e5, 5e5, (2_000, 2))
    slumps = np.array(
        [star(x, y, 9, radius_m, 0.0) for (x, y), radius_m in zip(places, random.lognormal(8, 1, 2_000), strict=True)]
    )

    pieces = cut(cells, np.append(slumps, coast))

    by_polygon = np.bincount(pieces.right, weights=pieces.area_m2)
    assert by_polygon == pytest.approx(np.append(shapely.area(slumps), shapely.area(coast)), rel=1e-9)


def test_at_the_edge_of_a_masked_grid_only_the_inside_counts():
    outlines = np.array([shapely.box(3900, 100, 4300, 200), shapely.box(4100, 0, 4200, 10)], dtype=object)

    pieces = cut(CELLS, outlines)

    assert (pieces.right.tolist(), pieces.area_m2.tolist()) == ([0], [10_000.0])


def test_portions_and_threads_change_nothing(monkeypatch):
    random = np.random.default_rng(1)
    outlines = shapely.buffer(shapely.points(random.uniform(-500, 4500, (300, 2))), random.uniform(1, 700, 300))
    whole = cut(CELLS, outlines)

    monkeypatch.setattr(zonal_polygons, "VERTICES_AT_A_TIME", 100)
    monkeypatch.setattr(zonal_polygons, "PAIRS_PER_TASK", 7)
    in_portions = cut(CELLS, outlines)

    for field in ("left", "right", "area_m2"):
        np.testing.assert_array_equal(getattr(in_portions, field), getattr(whole, field))


def test_what_is_no_polygon_shares_nothing_and_collections_their_polygons():
    square = shapely.box(100, 100, 200, 200)
    others = [shapely.LineString([(0, 0), (4000, 4000)]), None, shapely.Point(5, 5), shapely.Polygon()]
    collection = shapely.GeometryCollection([square, shapely.LineString([(0, 0), (900, 900)])])

    pieces = cut(CELLS, np.array([*others, collection], dtype=object))

    assert (pieces.right.tolist(), pieces.area_m2.tolist()) == ([4], [10_000.0])
    assert cut(np.array([*others, collection], dtype=object), CELLS[:1]).left.tolist() == [4]


def test_neighbours_that_only_touch_share_no_piece():
    assert cut(CELLS[:1], CELLS[1:2]).left.size == 0
