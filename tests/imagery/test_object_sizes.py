"""Extents against all pairs of corners, recall by size against numbers worked by hand, and the trigger."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from entropice.imagery.object_sizes import SizeRecall, lagging_sizes, largest_extents_m, recall_by_size
from entropice.imagery.objects import find_objects

EDGES_M = (50.0, 200.0, 1000.0)


@pytest.mark.parametrize("seed", range(10))
def test_the_extent_is_the_largest_distance_of_any_two_corners(seed):
    mask = np.random.default_rng(seed).random((12, 15)) < 0.4
    objects = find_objects(mask, np.ones(mask.shape, dtype=bool))
    expected = [
        3 * pdist(np.concatenate([np.argwhere(objects.labels == label) + corner for corner in np.ndindex(2, 2)])).max()
        for label in range(1, len(objects.n_pixels) + 1)
    ]
    np.testing.assert_allclose(largest_extents_m(objects, 3.0), expected)


def test_one_pixel_reaches_along_its_diagonal_and_no_object_reaches_nowhere():
    objects = find_objects(np.array([[True, False]]), np.ones((1, 2), dtype=bool))
    np.testing.assert_allclose(largest_extents_m(objects, 3.0), [3 * np.sqrt(2)])
    nothing = find_objects(np.zeros((3, 3), dtype=bool), np.ones((3, 3), dtype=bool))
    assert largest_extents_m(nothing, 3.0).shape == (0,)


def test_recall_by_size_is_that_worked_by_hand():
    """Wilson's interval of 1 in 2: (1/2 ± z √(1/8 + z²/16) …) / (1 + z²/2) = .0945 to .9055."""
    extents_m = np.array([49.9, 50.0, 199.0, 200.0, 5000.0])
    small, middle, large = recall_by_size(extents_m, np.array([True, True, False, True, False]), EDGES_M)
    assert (small.n, small.n_found, small.recall) == (2, 1, 0.5)
    np.testing.assert_allclose([small.low_95, small.high_95], [0.0945, 0.9055], atol=1e-4)
    assert (middle.n, middle.n_found) == (1, 1)
    assert (large.low_m, large.high_m, large.n, large.n_found) == (1000.0, np.inf, 1, 0)


def test_a_class_without_objects_has_no_recall():
    assert np.isnan(recall_by_size(np.array([60.0]), np.array([True]), EDGES_M)[2].recall)


def recall_of(n_found, n):
    return recall_by_size(np.full(n, 60.0), np.arange(n) < n_found, (50.0,))[0]


def test_a_class_far_behind_asks_for_several_resolutions():
    good, poor = recall_of(180, 200), recall_of(100, 200)
    assert lagging_sizes([poor, good], 0.1) == (poor,)


@pytest.mark.parametrize(
    "recalls",
    [
        [recall_of(9, 10), recall_of(6, 10)],
        [recall_of(180, 200), recall_of(168, 200)],
        [recall_of(180, 200), SizeRecall(0, 1, 0, 0, np.nan, np.nan, np.nan)],
        [],
    ],
    ids=["too few objects", "close", "an empty class", "nothing"],
)
def test_what_is_not_clearly_behind_asks_for_nothing(recalls):
    assert lagging_sizes(recalls, 0.1) == ()
