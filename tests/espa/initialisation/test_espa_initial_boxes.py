"""The boxes that fits start from: drawn rows, given centres, or the boxes of the fit before."""

import numpy as np
import pytest
from espa_problems import small_table, training_data_of
from sklearn.exceptions import ConvergenceWarning

from entropice.espa import ESPAClassifier
from entropice.espa.initialisation.initial_boxes import initial_boxes


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "random_state": 0} | parameters)


def test_boxes_are_first_at_rows_half_way_from_the_priors_to_their_classes_with_equal_feature_weights():
    X, y = small_table(1, missing=0.0)
    X[:, 2] = 7.0
    rows = np.unique(y, return_index=True)[1]
    data, precisions = training_data_of(X[rows], y[rows], np.ones((1, 3))), np.array([[1.0, 2.0, 0.0, 0.5]])
    (boxes,) = initial_boxes([small_model(n_init=5)], data, np.array([0]), precisions, lambda: np.arange(3))
    assert boxes.centers.shape == (5, 4, 4)
    assert boxes.is_alive.tolist() == [[True, True, True, False]] * 5
    assert boxes.feature_weights == pytest.approx(np.tile([1 / 3, 1 / 3, 0.0, 1 / 3], (5, 1)))
    for start in range(5):
        for k in range(3):
            (row,) = np.flatnonzero((X[rows] - data.features.means[0] == boxes.centers[start, k]).all(axis=1))
            own = np.eye(3)[row]
            assert boxes.probabilities[start, :, k] == pytest.approx((1 / 3 + own) / 2)


def test_estimators_that_differ_by_their_penalties_start_from_the_same_boxes():
    X, y = small_table(2)
    data, precisions = training_data_of(X, y, np.ones((1, len(X)))), np.ones((1, X.shape[1]))
    estimators = [small_model(), small_model(eps_class=3.0), small_model(random_state=1)]
    first, second, third = initial_boxes(estimators, data, np.zeros(3, int), precisions, lambda: np.arange(len(X)))
    assert first.centers.tolist() == second.centers.tolist() != third.centers.tolist()


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
