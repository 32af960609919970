"""The estimator: its laws, the acceptance cases of the literature, and scikit-learn's own checks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.estimator_checks import check_estimator

from entropice.espa import ESPAClassifier


def worms(n_rows, n_features, random):
    """Three tilted clouds in a plane, the middle one class 1; all other features are noise."""
    cloud = random.integers(0, 3, n_rows)
    X = random.random((n_rows, n_features))
    noise = random.multivariate_normal([0, 0], [[1, 1], [1, 2]], n_rows)
    X[:, :2] = np.array([[2, -2], [0, 0], [-2, 2]])[cloud] + noise
    return X, (cloud == 1).astype(int)


def distractor(n_rows, n_features, random):
    """The classes are the XOR of one pair of features; another pair clusters tighter and means nothing."""
    q, r = random.integers(0, 2, (2, n_rows, 2))
    X = random.random((n_rows, n_features))
    X[:, :2] = 0.15 + 0.7 * q + 0.07 * random.standard_normal((n_rows, 2))
    X[:, 2:4] = 0.15 + 0.7 * r + 0.05 * random.standard_normal((n_rows, 2))
    return X, q[:, 0] ^ q[:, 1]


def small_problem(seed, n_rows=60, n_features=4):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n_rows, n_features))
    y = (X[:, 0] + 0.3 * random.normal(size=n_rows) > 0).astype(int) + (X[:, 1] > 1)
    X[random.random(X.shape) < 0.1] = np.nan
    return X, y


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "random_state": 0} | parameters)


@pytest.mark.parametrize("n_features", [10, 100])
def test_worms(n_features):
    random = np.random.default_rng(n_features)
    model = ESPAClassifier(6, eps_entropy=0.01, eps_class=0.05, n_init=10, random_state=0)
    model.fit(*worms(200, n_features, random))
    assert model.score(*worms(2000, n_features, random)) >= 0.95
    assert model.feature_weights_[:2].sum() >= 0.9


def test_distractor_needs_the_labels():
    random = np.random.default_rng(1)
    train, test = distractor(400, 12, random), distractor(2000, 12, random)
    model = ESPAClassifier(4, eps_entropy=0.005, eps_class=0.3, n_init=40, random_state=0).fit(*train)
    blind = ESPAClassifier(4, eps_entropy=0.005, eps_class=0.0, n_init=40, random_state=0).fit(*train)
    assert model.score(*test) >= 0.95
    assert model.feature_weights_[:2].sum() >= 0.99
    assert blind.score(*test) < 0.6


def test_scikit_learn_accepts_it():
    results = check_estimator(ESPAClassifier(n_init=5), on_skip=None)
    assert {result["status"] for result in results} <= {"passed", "skipped"}
    assert [result["check_name"] for result in results if result["status"] == "skipped"] == ["check_array_api_input"]


@given(seed=st.integers(0, 10_000), eps_class=st.floats(0.0, 2.0), scale=st.sampled_from(["minmax", None]))
@settings(max_examples=25, deadline=None)
def test_fitted_shares_sum_to_one_and_the_loss_never_rises(seed, eps_class, scale):
    X, y = small_problem(seed)
    model = small_model(eps_class=eps_class, scale=scale, random_state=seed).fit(X, y)
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(len(X)))
    assert model.box_class_probabilities_.sum(axis=0) == pytest.approx(np.ones(len(model.box_centers_)))
    assert model.feature_weights_.sum() == pytest.approx(1.0)
    assert model.loss_curve_[-1] == model.loss_
    assert len(model.loss_curve_) == model.n_iter_
    assert np.diff(model.loss_curve_).max(initial=0.0) <= 1e-12


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_an_integer_weight_is_a_repeated_row_and_zero_is_absence(seed):
    X, y = small_problem(seed)
    counts = np.random.default_rng(seed).integers(0, 3, len(X))
    weighted = small_model().fit(X, y, sample_weight=counts)
    repeated = small_model().fit(np.repeat(X, counts, axis=0), np.repeat(y, counts))
    assert weighted.loss_ == pytest.approx(repeated.loss_, rel=1e-9)
    assert weighted.predict_proba(X) == pytest.approx(repeated.predict_proba(X), abs=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_neither_row_nor_feature_order_matters(seed):
    X, y = small_problem(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(X.shape[0]), random.permutation(X.shape[1])
    model, permuted = small_model().fit(X, y), small_model().fit(X[rows][:, columns], y[rows])
    assert permuted.feature_weights_ == pytest.approx(model.feature_weights_[columns], abs=1e-9)
    assert permuted.predict_proba(X[rows][:, columns]) == pytest.approx(model.predict_proba(X)[rows], abs=1e-9)


def test_the_same_seed_gives_the_same_bytes():
    X, y = small_problem(3)
    first, second = small_model().fit(X, y), small_model().fit(X, y)
    assert first.predict_proba(X).tobytes() == second.predict_proba(X).tobytes()
    assert first.box_centers_.tobytes() == second.box_centers_.tobytes()


def test_units_do_not_matter_under_minmax():
    X, y = small_problem(4)
    model, rescaled = small_model().fit(X, y), small_model().fit(X * 1000.0 + 5e4, y)
    assert rescaled.predict_proba(X * 1000.0 + 5e4) == pytest.approx(model.predict_proba(X), abs=1e-9)
    assert rescaled.box_centers_ == pytest.approx(model.box_centers_ * 1000.0 + 5e4, rel=1e-9)


def test_distances_equal_literal_loops():
    X, y = small_problem(5)
    model = small_model().fit(X, y)
    metric = model.feature_metric_ / model.feature_scale_**2
    for t in range(10):
        for k, center in enumerate(model.box_centers_):
            seen = ~np.isnan(X[t])
            literal = sum(metric[d] * (X[t, d] - center[d]) ** 2 for d in np.flatnonzero(seen))
            assert model.distances(X)[t, k] == pytest.approx(literal, abs=1e-10)
    assert model.box_of(X).tolist() == model.distances(X).argmin(axis=1).tolist()


def test_probabilities_are_frequencies_of_what_prediction_does():
    X, y = small_problem(6)
    model = small_model(pseudo_count=0.0).fit(X, y)
    boxes = model.box_of(X)
    for box in range(len(model.box_centers_)):
        expected = np.bincount(y[boxes == box], minlength=3) / (boxes == box).sum()
        assert model.box_class_probabilities_[:, box] == pytest.approx(expected)


def test_features_that_say_nothing_weigh_nothing():
    X, y = small_problem(7)
    empty = np.column_stack([X, np.full(len(X), 3.0), np.full(len(X), np.nan)])
    model = small_model().fit(empty, y)
    assert model.feature_weights_[-2:].tolist() == [0.0, 0.0]
    assert model.predict_proba(empty) == pytest.approx(small_model().fit(X, y).predict_proba(X))


def test_it_says_when_it_has_not_converged():
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        small_model(max_iter=1).fit(*small_problem(8))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"eps_entropy": 0.0}, "eps_entropy"), ({"n_boxes": 0}, "n_boxes"), ({"scale": "robust"}, "scale")],
)
def test_bad_parameters_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        small_model().set_params(**change).fit(*small_problem(9))


def test_data_without_information_are_refused():
    with pytest.raises(ValueError, match="No feature varies"):
        small_model().fit(np.ones((5, 2)), [0, 1, 0, 1, 0])
    with pytest.raises(ValueError, match="weight"):
        small_model().fit(*small_problem(9), sample_weight=np.zeros(60))
