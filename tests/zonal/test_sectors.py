"""Polygons cut by rays and circles, wherever the pole lies."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from entropice.zonal.rings import rings_of
from entropice.zonal.sectors import LonLatBoxes, cut_by_boxes

GLOBAL = LonLatBoxes(-np.pi - 0.2, np.pi / 6, 12, np.array([0.0, 1.0, 4.0, 6.25, 16.0]))
REGIONAL = LonLatBoxes(np.radians(-100.0), 0.37, 9, np.array([0.25, 1.0, 2.25, 9.0]))
N_STEPS = 60


def outlines(boxes: LonLatBoxes) -> np.ndarray:
    """Boxes as polygons, their arcs of many short edges; row by row from the pole."""
    radii, polygons = np.sqrt(boxes.squared_radii_m2), []
    for inner, outer in pairwise(radii):
        for column in range(boxes.n_columns):
            angle = boxes.west_rad + boxes.step_rad * (column + np.linspace(0, 1, N_STEPS))
            arc = np.column_stack([np.sin(angle), -np.cos(angle)])
            polygons.append(shapely.Polygon(np.concatenate([inner * arc, outer * arc[::-1]])))
    return np.array(polygons, dtype=object)


OUTLINES = {"global": outlines(GLOBAL), "regional": outlines(REGIONAL)}
BOXES = {"global": GLOBAL, "regional": REGIONAL}


def areas(boxes: LonLatBoxes, *polygons) -> np.ndarray:
    """Shape (n_polygons, n_boxes)."""
    starts, box, area_m2 = cut_by_boxes(rings_of(np.array(polygons, dtype=object)), boxes)
    table = np.zeros((len(polygons), (len(boxes.squared_radii_m2) - 1) * boxes.n_columns))
    table[np.repeat(np.arange(len(polygons)), np.diff(starts)), box] = area_m2
    return table


coordinate = st.one_of(
    st.floats(-4, 4).map(lambda x: round(x, 6)),
    st.sampled_from([0.0, 1.0, -1.0, 2.0, 1e-9]),
    st.integers(-3, 3).map(float),
)


@pytest.mark.parametrize("where", ["global", "regional"])
@given(corners=st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=7))
def test_areas_are_those_of_plain_intersection_wherever_the_pole_lies(where, corners):
    polygon = shapely.Polygon(corners)
    assume(polygon.is_valid and polygon.area > 1e-3)

    found = areas(BOXES[where], polygon)[0]

    expected = shapely.area(shapely.intersection(polygon, OUTLINES[where]))
    np.testing.assert_allclose(found, expected, atol=1e-3)


@given(corners=st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=7))
def test_boxes_share_out_the_whole_area(corners):
    polygon = shapely.Polygon(corners)
    assume(polygon.is_valid and polygon.area > 1e-3)
    whole = GLOBAL._replace(squared_radii_m2=np.append(GLOBAL.squared_radii_m2, 40.0))

    assert areas(whole, polygon).sum() == pytest.approx(polygon.area, rel=1e-12)


def test_hand_worked_disc_and_square_around_the_pole():
    boxes = LonLatBoxes(0.0, np.pi / 2, 4, np.array([0.0, 1.0, 8.0]))
    square = shapely.box(-1, -1, 1, 1)

    found = areas(boxes, square)[0].reshape(2, 4)

    np.testing.assert_allclose(found[0], np.pi / 4, rtol=1e-12)
    np.testing.assert_allclose(found[1], 1 - np.pi / 4, rtol=1e-12)


def test_holes_and_parts_count():
    ring = shapely.Point(0.3, 0).buffer(2.5) - shapely.Point(0, 0.2).buffer(1.1)
    parts = shapely.MultiPolygon([shapely.box(-0.5, 1.5, 2, 3), shapely.box(-2, -2, -0.5, 0.1)])

    found = areas(GLOBAL, ring, parts)

    for area, polygon in zip(found, (ring, parts), strict=True):
        np.testing.assert_allclose(area, shapely.area(shapely.intersection(polygon, OUTLINES["global"])), atol=1e-3)


def test_nothing_is_cut_to_nothing():
    assert areas(GLOBAL, shapely.Polygon()).sum() == 0
    assert areas(REGIONAL, shapely.box(-0.1, -0.1, 0.1, 0.1)).sum() == 0  # inside the first parallel


def test_many_boxes_of_many_polygons_find_room():
    fine = LonLatBoxes(-np.pi, np.pi / 180, 360, np.linspace(0, 4, 40) ** 2)
    discs = shapely.buffer(shapely.points(np.random.default_rng(0).uniform(-1, 1, (20, 2))), 2.0)

    np.testing.assert_allclose(areas(fine, *discs).sum(axis=1), shapely.area(discs), rtol=1e-12)
