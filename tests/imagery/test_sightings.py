"""Calibrated areas are right on average, with the spread they say; objects are the same over years by overlap."""

import numpy as np
import pytest
import shapely
from scipy.special import expit

from entropice.errors import SchemaError
from entropice.imagery.sightings import calibrated_areas_m2, same_objects


def test_calibrated_areas_are_right_on_average_with_the_spread_they_say():
    """Truths drawn from the chances, pixel by pixel."""
    random = np.random.default_rng(0)
    rows, columns = np.indices((30, 60))
    probability = expit(4 - 0.7 * np.hypot(rows - 15, (columns % 30) - 15))
    zones = 1 + columns // 30
    area, variance = calibrated_areas_m2(probability, zones.astype(np.int32), 3.0, 1.0)
    truths = random.random((4000, 30, 60)) < probability
    true_m2 = 9.0 * np.stack([truths[:, :, :30].sum(axis=(1, 2)), truths[:, :, 30:].sum(axis=(1, 2))], axis=1)
    np.testing.assert_allclose(true_m2.mean(axis=0), area, rtol=0.01)
    np.testing.assert_allclose(true_m2.var(axis=0), variance, rtol=0.1)


def test_areas_by_hand_with_an_unknown_pixel_and_an_empty_zone():
    probability = np.array([[0.5, 1.0, np.nan, 0.2]])
    area, variance = calibrated_areas_m2(probability, np.array([[1, 1, 1, 3]], dtype=np.int32), 10.0, 4.0)
    np.testing.assert_allclose(area, [150, 0, 20])
    np.testing.assert_allclose(variance, [4 * 10_000 * 0.25, 0, 4 * 10_000 * 0.16])


def test_what_overlaps_over_years_is_one_object():
    """Two pieces of 2020 grow together in 2021; a neighbour that only touches, and a stranger, stay apart."""
    outlines = np.array([
        shapely.box(0, 0, 4, 4),
        shapely.box(6, 0, 10, 4),
        shapely.box(0, 0, 10, 4),
        shapely.box(10, 0, 14, 4),
        shapely.box(50, 50, 51, 51),
    ])  # fmt: skip
    years = np.array([2020, 2020, 2021, 2020, 2021])
    assert same_objects(outlines, years, 0.3).tolist() == [0, 0, 0, 1, 2]


def test_overlap_within_a_year_joins_nothing_and_too_little_neither():
    boxes = np.array([shapely.box(0, 0, 4, 4), shapely.box(1, 0, 5, 4), shapely.box(4.5, 0, 8.5, 4)])
    assert same_objects(boxes, np.array([2020, 2020, 2021]), 0.2).tolist() == [0, 1, 2]
    assert same_objects(boxes, np.array([2020, 2020, 2021]), 0.1).tolist() == [0, 1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_outlines_changes_no_object(seed):
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 30, (40, 2))
    outlines = np.array([shapely.box(x, y, x + 4, y + 4) for x, y in corner])
    years, order = random.integers(2018, 2021, 40), random.permutation(40)
    there, back = same_objects(outlines, years, 0.2), same_objects(outlines[order], years[order], 0.2)
    together = there[:, None] == there
    np.testing.assert_array_equal(together[np.ix_(order, order)], back[:, None] == back)


def test_outlines_that_cross_themselves_are_refused():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(SchemaError, match="cross themselves"):
        same_objects(np.array([bow]), np.array([2020]), 0.1)
