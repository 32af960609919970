"""Whether outlines cross is told by rectangles; what is told is true."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from entropice.zonal.edge_index import APART, CROSSING, LEFT_HOLDS, RIGHT_HOLDS, STRIDES, index_edges, relations
from entropice.zonal.rings import rings_of


def relation(left, right):
    sides = [index_edges(rings_of(np.array([polygon], dtype=object))) for polygon in (left, right)]
    row = np.zeros(1, np.int64)
    return relations(*sides, row, row)[0]


def spiky(n, seed=0, radius=1000.0):
    """Many corners: more than the largest stride where n is large."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radii = radius * (1 - 0.2 * np.random.default_rng(seed).random(n))
    return shapely.Polygon(np.column_stack([radii * np.cos(angle), radii * np.sin(angle)]))


LARGE = spiky(3 * STRIDES[-1])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 4, 4), LEFT_HOLDS, id="holds"),
        pytest.param(shapely.box(3, 3, 4, 4), shapely.box(0, 0, 9, 9), RIGHT_HOLDS, id="is held"),
        pytest.param(shapely.box(0, 0, 1, 1), shapely.box(3, 3, 4, 4), APART, id="apart"),
        pytest.param(shapely.box(0, 0, 2, 2), shapely.box(1, 1, 4, 4), CROSSING, id="cross"),
        pytest.param(shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2), CROSSING, id="touch"),
        pytest.param(LARGE, shapely.box(-5, -5, 5, 5), LEFT_HOLDS, id="large holds"),
        pytest.param(LARGE, shapely.box(800, 800, 810, 810), APART, id="in the corner of a large one's frame"),
        pytest.param(LARGE, shapely.box(0, 700, 10, 1100), CROSSING, id="crosses a large one"),
        pytest.param(LARGE - shapely.box(-9, -9, 9, 9), shapely.box(-5, -5, 5, 5), APART, id="in its hole"),
        pytest.param(shapely.Polygon([(0, 0), (9, 0), (9, 9)]), shapely.box(1, 6, 2, 7), APART, id="beyond a slope"),
    ],
)
def test_clear_cases(left, right, expected):
    assert relation(left, right) == expected


corner = st.tuples(st.floats(-1200, 1200), st.floats(-1200, 1200))


@given(
    corners=st.lists(corner, min_size=3, max_size=6), n=st.sampled_from([3, 15, 17, 300, 5000]), seed=st.integers(0, 9)
)
def test_what_is_told_is_true(corners, n, seed):
    left, right = spiky(n, seed), shapely.Polygon(corners)
    assume(right.is_valid and right.area > 0)

    told = relation(left, right)

    truth = {
        LEFT_HOLDS: shapely.contains(left, right),
        RIGHT_HOLDS: shapely.contains(right, left),
        APART: not shapely.intersects(left, right),
        CROSSING: True,
    }
    assert truth[told]


def test_small_polygons_off_a_border_are_told_without_clipping():
    rows, columns = np.divmod(np.arange(100), 10)
    cells = shapely.box(columns * 100.0, rows * 100.0, columns * 100.0 + 100, rows * 100.0 + 100)
    slumps = shapely.buffer(shapely.points(columns * 100.0 + 50, rows * 100.0 + 50), 20.0)
    sides = [index_edges(rings_of(polygons)) for polygons in (cells, slumps)]

    assert (relations(*sides, np.arange(100), np.arange(100)) == LEFT_HOLDS).all()


def test_a_polygon_of_many_is_told_as_it_is_alone():
    """Each lies in, across or beside others of its set, so that an edge taken from a neighbour would be told."""
    polygons = np.array(
        [shapely.box(20, 20, 29, 29), shapely.box(0, 0, 9, 9), shapely.box(3, 3, 5, 5), shapely.box(4, 4, 6, 6),
         shapely.box(5, 0, 30, 30), shapely.box(1, 1, 2, 2), spiky(300, radius=5.0)]
    )  # fmt: skip
    edges = index_edges(rings_of(polygons))
    left, right = np.divmod(np.arange(len(polygons) ** 2), len(polygons))

    alone = [relation(polygons[i], polygons[k]) for i, k in zip(left, right, strict=True)]
    assert relations(edges, edges, left, right).tolist() == alone
    assert set(alone) == {CROSSING, LEFT_HOLDS, RIGHT_HOLDS, APART}
