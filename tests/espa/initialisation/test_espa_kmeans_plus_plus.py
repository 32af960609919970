"""Rows drawn as first centres: from which pool, and with which probability."""

import numpy as np
import pytest
from espa_problems import small_table, training_data_of

from entropice.espa.data.row_hashes import canonical_order
from entropice.espa.initialisation.kmeans_plus_plus import POOL_ROWS, Pool, draw_pool, draw_rows


def line_pool(places, masses=None):
    """Rows at places on a line."""
    n = len(places)
    return Pool(
        deviations=np.array(places, dtype=float)[:, None],
        is_observed=np.ones((n, 1), np.bool_),
        codes=np.arange(n),
        masses=np.full(n, 1 / n) if masses is None else np.array(masses),
    )


def test_kmeans_plus_plus_draws_by_mass_times_squared_distance_to_the_nearest_drawn():
    """From rows at 0, 1, 3 with masses .5, .25, .25 the first is drawn at 0 for u < .5. The second is then drawn by
    masses 0, .25 * 1, .25 * 9: at 1 for u < .1. With 0 and 1 drawn, only 3 is left."""
    pool = line_pool([0, 1, 3], [0.5, 0.25, 0.25])
    uniforms = np.array([[0.49, 0.09, 0.0], [0.49, 0.11, 0.99], [0.51, 0.0, 0.5], [0.76, 0.0, 0.7]])
    drawn = draw_rows(pool, np.ones(1), uniforms, "k-means++")
    assert drawn.centers()[:, :, 0].tolist() == [[0, 1, 3], [0, 3, 1], [1, 0, 3], [3, 0, 1]]
    assert drawn.codes.tolist() == [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]
    assert drawn.is_drawn.all()


def test_no_more_boxes_are_drawn_than_there_are_different_rows():
    drawn = draw_rows(line_pool([5, 5, 7]), np.ones(1), np.full((2, 4), 0.3), "k-means++")
    assert drawn.is_drawn.tolist() == [[True, True, False, False]] * 2


def test_random_starts_draw_by_mass_alone():
    pool = line_pool([0, 1, 3], [0.5, 0.25, 0.25])
    drawn = draw_rows(pool, np.ones(1), np.array([[0.1, 0.2, 0.6], [0.9, 0.8, 0.7]]), "random")
    assert drawn.centers()[:, :, 0].tolist() == [[0, 0, 1], [3, 3, 1]]


def test_missing_values_take_no_part_in_the_distances_between_rows():
    """Seen from the row at (0, ?), the row at (?, 9) is no other row; the row at (2, 0) is."""
    deviations = np.array([[0.0, 0.0], [0.0, 9.0], [2.0, 0.0]])
    is_observed = np.array([[True, False], [False, True], [True, True]])
    pool = Pool(deviations, is_observed, np.zeros(3, np.int64), np.full(3, 1 / 3))
    drawn = draw_rows(pool, np.ones(2), np.array([[0.1, 0.01]]), "k-means++")
    distances = [0.0, 81.0, 4.0]
    assert drawn.centers()[0, 1].tolist() == deviations[np.searchsorted(np.cumsum(distances), 0.85)].tolist()


def test_a_pool_holds_every_row_of_a_small_table_by_its_weight():
    X, y = small_table(1)
    data = training_data_of(X, y, np.random.default_rng(1).integers(0, 3, (1, len(X))).astype(float))
    (weights,), (means,) = data.weights, data.features.means
    order = canonical_order(data.rows, data.codes)
    pool = draw_pool(data, lambda: order, 0, 4)
    kept = order[weights[order] > 0]
    assert pool.codes.tolist() == data.codes[kept].tolist()
    assert pool.is_observed.tolist() == (~np.isnan(X[kept])).tolist()
    assert pool.deviations == pytest.approx(np.nan_to_num(X[kept] - means))
    assert pool.masses == pytest.approx(weights[kept], abs=1.01 / POOL_ROWS)
    assert pool.masses.sum() == pytest.approx(1.0)
