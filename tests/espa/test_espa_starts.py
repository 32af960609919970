"""Where fits begin: drawn rows, given centres, or the fit before."""

import numpy as np
import pytest
from espa_problems import evidence_of, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning

from entropice.espa import ESPAClassifier
from entropice.espa.beginning import begin
from entropice.espa.rows import Rows
from entropice.espa.starts import POOL_ROWS, Pool, draw_pool, draw_starts, number_distinct, row_keys


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "random_state": 0} | parameters)


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
    starts = draw_starts(pool, np.ones(1), 3, uniforms, "k-means++")
    assert starts.centers[:, :, 0].tolist() == [[0, 1, 3], [0, 3, 1], [1, 0, 3], [3, 0, 1]]
    assert starts.codes.tolist() == [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]
    assert starts.is_drawn.all()


def test_no_more_boxes_are_drawn_than_there_are_different_rows():
    starts = draw_starts(line_pool([5, 5, 7]), np.ones(1), 4, np.full((2, 4), 0.3), "k-means++")
    assert starts.is_drawn.tolist() == [[True, True, False, False]] * 2


def test_random_starts_draw_by_mass_alone():
    pool = line_pool([0, 1, 3], [0.5, 0.25, 0.25])
    starts = draw_starts(pool, np.ones(1), 3, np.array([[0.1, 0.2, 0.6], [0.9, 0.8, 0.7]]), "random")
    assert starts.centers[:, :, 0].tolist() == [[0, 0, 1], [3, 3, 1]]


def test_missing_values_take_no_part_in_the_distances_between_rows():
    """Seen from the row at (0, ?), the row at (?, 9) is no other row; the row at (2, 0) is."""
    deviations = np.array([[0.0, 0.0], [0.0, 9.0], [2.0, 0.0]])
    is_observed = np.array([[True, False], [False, True], [True, True]])
    pool = Pool(deviations, is_observed, np.zeros(3, np.int64), np.full(3, 1 / 3))
    starts = draw_starts(pool, np.ones(2), 2, np.array([[0.1, 0.01]]), "k-means++")
    distances = [0.0, 81.0, 4.0]
    assert starts.centers[0, 1].tolist() == deviations[np.searchsorted(np.cumsum(distances), 0.85)].tolist()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_rows_are_known_by_their_values_and_class_wherever_they_stand(seed):
    X, y = small_table(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(X.shape[0]), random.permutation(X.shape[1])
    keys = keys_of(X, y)
    assert keys_of(X[rows][:, columns], y[rows]).tolist() == keys[rows].tolist()
    assert len(set(keys.tolist())) == len(X)


@pytest.mark.parametrize("change", [1e-12, np.nan])
def test_another_value_or_class_makes_another_row(change):
    X, y = small_table(1)
    keys = keys_of(X, y)
    changed = X.copy()
    changed[3, 1] = X[3, 1] * (1 + change)
    assert np.flatnonzero(keys_of(changed, y) != keys).tolist() == [3]
    assert np.flatnonzero(keys_of(X, np.where(np.arange(60) == 3, y + 1, y)) != keys).tolist() == [3]


def test_zeros_of_either_sign_are_one_value():
    X, y = small_table(1)
    X[:, 0] = 0.0
    keys = keys_of(X, y)
    X[::2, 0] = -0.0
    assert keys_of(X, y).tolist() == keys.tolist()


def keys_of(X, y):
    return row_keys(Rows(np.ascontiguousarray(X), X.dtype), y.astype(np.int32), np.zeros(X.shape[1], np.uint64))


def test_equal_rows_share_a_number_and_no_others():
    """Rows 0 and 3 are equal; 1 differs from them by an exchange of features, 2 by its class, 4 by a missing value."""
    X = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [1.0, 2.0], [1.0, np.nan], [np.nan, np.nan], [np.nan, np.nan]])
    codes = np.array([0, 0, 1, 0, 0, 2, 2], np.int32)
    numbers = number_distinct(Rows(X, X.dtype), codes)
    assert sorted(set(numbers.tolist())) == list(range(5))
    assert (numbers[0], numbers[5]) == (numbers[3], numbers[6])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_numbers_of_rows_do_not_change_with_their_order(seed):
    X, y = small_table(seed)
    random = np.random.default_rng(seed)
    X, y = X[random.integers(0, 60, 90)], y[random.integers(0, 60, 90)]
    rows, columns = random.permutation(90), random.permutation(X.shape[1])
    numbers = number_distinct(Rows(X, X.dtype), y.astype(np.int32))
    permuted = np.ascontiguousarray(X[rows][:, columns])
    assert number_distinct(Rows(permuted, X.dtype), y[rows].astype(np.int32)).tolist() == numbers[rows].tolist()


def test_a_pool_holds_every_row_of_a_small_table_by_its_weight():
    X, y = small_table(1)
    codes, weights = y.astype(np.int32), np.random.default_rng(1).integers(0, 3, len(X)) / 60
    rows, means = Rows(X, X.dtype), np.nanmean(X, axis=0)
    order = keys_of(X, y).argsort(kind="stable")
    pool = draw_pool(rows, codes, order, weights, means, 4)
    kept = order[weights[order] > 0]
    assert pool.codes.tolist() == codes[kept].tolist()
    assert pool.is_observed.tolist() == (~np.isnan(X[kept])).tolist()
    assert pool.deviations == pytest.approx(np.nan_to_num(X[kept] - means))
    assert pool.masses == pytest.approx(weights[kept] / weights.sum(), abs=1.01 / POOL_ROWS)
    assert pool.masses.sum() == pytest.approx(1.0)


def test_boxes_begin_at_rows_half_way_from_the_priors_to_their_classes_with_equal_feature_weights():
    X, y = small_table(1)
    X[:, 2] = 7.0
    evidence, precisions = evidence_of(X, y, np.ones((1, len(X)))), np.array([1.0, 2.0, 0.0, 0.5])
    pool = Pool(np.arange(12.0).reshape(3, 4), np.ones((3, 4), np.bool_), np.array([2, 0, 1]), np.full(3, 1 / 3))
    boxes = begin(small_model(n_init=5), evidence, 0, precisions, lambda weighting, n_boxes: pool)
    priors = np.bincount(y) / len(y)
    assert boxes.centers.shape == (5, 4, 4)
    assert boxes.is_alive.tolist() == [[True, True, True, False]] * 5
    assert boxes.feature_weights == pytest.approx(np.tile([1 / 3, 1 / 3, 0.0, 1 / 3], (5, 1)))
    for start in range(5):
        for k in range(3):
            (row,) = np.flatnonzero((pool.deviations == boxes.centers[start, k]).all(axis=1))
            own = np.eye(3)[pool.codes[row]]
            assert boxes.probabilities[start, :, k] == pytest.approx((priors + own) / 2)


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_identical_rows_make_one_box(init):
    X = np.repeat([[0.0, 1.0], [1.0, 0.0], [0.5, 0.2]], 5, axis=0)
    y = np.repeat([0, 1, 0], 5)
    model = ESPAClassifier(8, init=init, n_init=30, random_state=0).fit(X, y)
    assert len(model.box_centers_) == 3
    assert model.predict(X).tolist() == y.tolist()


def test_random_starts_also_find_the_minimum():
    X, y = small_table(2)
    drawn = small_model(init="random", n_init=100).fit(X, y)
    assert drawn.loss_ == pytest.approx(small_model(n_init=100).fit(X, y).loss_, rel=0.02)


def test_given_centres_make_one_descent_from_there():
    X, y = small_table(3)
    centers = small_model().fit(X, y).box_centers_
    first, second = (small_model(init=centers, n_init=n, random_state=n).fit(X, y) for n in (1, 9))
    assert first.loss_curve_.tobytes() == second.loss_curve_.tobytes()
    assert first.box_centers_.tobytes() == second.box_centers_.tobytes()


def test_of_equal_centres_the_first_takes_all_rows():
    X = np.array([[0.0], [1.0], [9.0], [10.0]])
    model = ESPAClassifier(3, init=[[9.5], [0.5], [9.5]], pseudo_count=0.0).fit(X, [0, 0, 1, 1])
    assert model.box_centers_.tolist() == [[9.5], [0.5]]
    assert model.box_of(X).tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("init", [[[0.0, 1.0]], np.zeros((4, 3)), np.full((4, 4), np.nan), np.full((4, 4), np.inf)])
def test_centres_that_do_not_fit_are_refused(init):
    with pytest.raises(ValueError, match=r"init must be finite centres of shape \(n_boxes, n_features\)=\(4, 4\), got"):
        small_model(init=init).fit(*small_table(3))


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize("reassign", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_a_warm_start_goes_on_where_the_last_fit_ended(seed, reassign, affiliation):
    X, y = small_table(seed)
    model = small_model(affiliation=affiliation, reassign=reassign, tol=1e-6).fit(X, y)
    loss = model.loss_
    model.set_params(warm_start=True).fit(X, y)
    assert model.loss_ <= loss + 1e-6 * abs(loss)
    assert model.n_iter_ <= 5


def test_a_warm_start_takes_up_an_unfinished_descent():
    X, y = small_table(5, n_rows=300)
    model = small_model(n_init=1, max_iter=2, warm_start=True, reassign=False)
    curve = []
    with pytest.warns(ConvergenceWarning, match="still improved"):
        curve.append(model.fit(X, y).loss_curve_)
    model.set_params(max_iter=300)
    curve.append(model.fit(X, y).loss_curve_)
    whole = small_model(n_init=1, reassign=False).fit(X, y)
    assert np.concatenate(curve) == pytest.approx(whole.loss_curve_, rel=0, abs=1e-12)
    assert model.predict_proba(X) == pytest.approx(whole.predict_proba(X), rel=0, abs=1e-9)


def test_a_warm_start_on_more_rows_begins_lower_than_a_cold_one():
    X, y = small_table(5, n_rows=200)
    warm = small_model(warm_start=True).fit(X[:150], y[:150]).fit(X, y)
    cold = small_model(n_init=1).fit(X, y)
    assert warm.loss_curve_[0] < cold.loss_curve_[0]
    assert warm.n_iter_ < cold.n_iter_


def test_a_warm_start_with_other_classes_is_refused():
    X, y = small_table(5)
    model = small_model(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"classes of the fit before, \[0, 1, 2\], got \[0, 1\]: set warm_start=False"):
        model.fit(X[y < 2], y[y < 2])


def test_a_warm_start_with_other_features_is_refused():
    X, y = small_table(5)
    model = small_model(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"warm_start=False"):
        model.fit(X[:, :2], y)


def test_it_says_what_to_do_when_it_has_not_converged():
    with pytest.warns(
        ConvergenceWarning, match=r"1 of 1 eSPA fits still improved after max_iter=1 sweeps: raise max_iter, or tol"
    ):
        small_model(max_iter=1).fit(*small_table(8))
