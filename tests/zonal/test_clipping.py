"""Polygons clipped by pixels, against shapely's intersections and by hand; y counts rows downwards."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.types import FloatArray
from entropice.zonal.clipping import clip_cells, most_crossings
from entropice.zonal.rings import rings_of

SHAPE = (6, 7)


def weights_of(*polygons: shapely.Polygon, mirrored: bool = False) -> FloatArray:
    """Share of every pixel in every cell, (cell, row, column); `rings_of` turns outer rings anticlockwise."""
    points, ring_starts, first_rings = rings_of(np.array(polygons, dtype=object))
    if mirrored:
        points = points * [1, -1] + [0, SHAPE[0]]
    bounds = np.append(0, np.cumsum(most_crossings(points, ring_starts, *SHAPE)))
    orientation = 1.0 if mirrored else -1.0
    run_starts, runs, border_starts, borders = clip_cells(
        points, ring_starts, first_rings, orientation, SHAPE, np.diff(bounds[first_rings])
    )
    weights = np.zeros((len(polygons), *SHAPE))
    for cell in range(len(polygons)):
        for k in range(run_starts[cell], run_starts[cell + 1]):
            row, first, stop = (part[k] for part in runs)
            weights[cell, row, first:stop] += 1
        for k in range(border_starts[cell], border_starts[cell + 1]):
            row, column, weight = (part[k] for part in borders)
            weights[cell, row, column] += weight
    return weights


def intersections(polygon: shapely.Polygon) -> FloatArray:
    rows, columns = np.indices(SHAPE)
    return shapely.area(shapely.intersection(polygon, shapely.box(columns, rows, columns + 1, rows + 1)))


def test_shares_worked_by_hand() -> None:
    """A triangle over two rows: its long side halves a pixel, and takes an eighth of no other."""
    expected = np.zeros(SHAPE)
    expected[0, :2] = 1.0, 0.5
    expected[1, 0] = 0.5

    np.testing.assert_allclose(weights_of(shapely.Polygon([(0, 0), (2, 0), (0, 2)]))[0], expected, atol=1e-15)


def test_a_hole_is_no_part_of_a_cell_and_what_lies_outside_the_tile_counts_nothing() -> None:
    polygon = shapely.Polygon(shapely.box(-3, -2, 9, 4).exterior, [shapely.box(1.5, 1, 3, 2).exterior.coords])
    expected = np.zeros(SHAPE)
    expected[:4] = 1.0
    expected[1, 1:3] = 0.5, 0.0

    np.testing.assert_allclose(weights_of(polygon)[0], expected, atol=1e-15)


def test_a_border_along_the_sides_of_pixels_leaves_whole_pixels_alone() -> None:
    points, ring_starts, first_rings = rings_of(np.array([shapely.box(1, 1, 4, 3)], dtype=object))
    bounds = most_crossings(points, ring_starts, *SHAPE)

    _, (rows, first, stop), border_starts, _ = clip_cells(points, ring_starts, first_rings, -1.0, SHAPE, bounds)

    assert border_starts.tolist() == [0, 0]
    assert [(rows[k], first[k], stop[k]) for k in range(2)] == [(1, 1, 4), (2, 1, 4)]


coordinates = st.tuples(st.floats(-2, 9), st.floats(-2, 8))


@given(st.lists(coordinates, min_size=3, max_size=9), st.booleans())
def test_shares_are_areas_of_intersections_whichever_way_rows_are_counted(
    vertices: list[tuple[float, float]], mirrored: bool
) -> None:
    polygon = shapely.convex_hull(shapely.MultiPoint(vertices))
    if polygon.geom_type != "Polygon" or polygon.area < 1e-3:
        return
    expected = intersections(polygon)

    found = weights_of(polygon, mirrored=mirrored)[0]

    np.testing.assert_allclose(found, expected[::-1] if mirrored else expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_cells_that_share_out_the_tile_give_every_pixel_once(seed: int) -> None:
    """Also where rows have more crossings than are sorted by insertion: 400 narrow cells in seven columns."""
    edges = np.sort(np.random.default_rng(seed).uniform(0, SHAPE[1], 400))
    slant = np.random.default_rng([seed, 1]).uniform(-1, 1)
    cuts = [-20.0, *edges, 30.0]
    cells = [
        shapely.Polygon([(left, -1), (right, -1), (right + slant, 7), (left + slant, 7)])
        for left, right in pairwise(cuts)
    ]

    np.testing.assert_allclose(weights_of(*cells).sum(axis=0), 1.0, atol=1e-9)


def test_no_ring_has_more_crossings_than_is_bounded() -> None:
    """A square of side 2 from the corner of a pixel: two edges along columns pass 3 rows, two along rows 3 columns."""
    points, ring_starts, _ = rings_of(np.array([shapely.box(1, 1, 3, 3)], dtype=object))

    assert most_crossings(points, ring_starts, *SHAPE).tolist() == [2 * (3 + 1 + 1) + 2 * (1 + 3 + 1)]
    assert most_crossings(points - [0, 50], ring_starts, *SHAPE).tolist() == [0]
