"""Which features gain weight, and which must not."""

import numpy as np
import pytest
from espa_problems import corners, small_table

from entropice.espa import ESPAClassifier, to_plain

both = pytest.mark.parametrize("affiliation", ["hard", "soft"])


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "tol": 1e-6, "random_state": 0} | parameters)


@both
def test_a_noise_feature_gains_no_importance_by_being_mostly_missing(affiliation):
    """Were errors not averaged over the observed weight, 90 % missing would make its error ten times smaller."""
    weights = np.array([weights_beside_a_sparse_feature(seed, affiliation) for seed in range(10)])
    noise, sparse = weights[:, 2:7], weights[:, 7]
    assert sparse.mean() <= 2 * noise.mean()
    assert sparse.max() < 0.5 / weights.shape[1]
    assert weights[:, :2].sum(axis=1).min() >= 0.8


def corners_model(**parameters):
    strengths = to_plain("paper", 0.2, 1.0, n_features=8, n_classes=2)
    return ESPAClassifier(4, eps_entropy=strengths.eps_entropy, eps_class=strengths.eps_class, **parameters)


def weights_beside_a_sparse_feature(seed, affiliation):
    """Weights of eight features: two true, five noise, and noise that is missing from 90 % of the rows."""
    random = np.random.default_rng(seed)
    X, y = corners(300, 8, random)
    X[random.random(len(X)) < 0.9, 7] = np.nan
    return corners_model(affiliation=affiliation, eps_affiliation=0.02, random_state=seed).fit(X, y).feature_weights_


def test_missing_values_at_random_leave_the_weight_on_the_true_features():
    random = np.random.default_rng(0)
    X, y = corners(300, 8, random)
    model = corners_model(random_state=0)
    complete = model.fit(X, y).feature_weights_[:2].sum()
    X[random.random(X.shape) < 0.2] = np.nan
    assert model.fit(X, y).feature_weights_[:2].sum() == pytest.approx(complete, abs=0.03)


@both
@pytest.mark.parametrize("eps_entropy", [0.0, 1e-3, 10.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constant_features_weigh_exactly_nothing(affiliation, eps_entropy, dtype):
    X, y = small_table(7)
    gaps = np.where(np.arange(len(X)) % 3, 273.15, np.nan)
    wider = np.column_stack([np.full(len(X), 273.15), X, gaps, np.zeros(len(X))]).astype(dtype)
    model = small_model(affiliation=affiliation, eps_entropy=eps_entropy).fit(wider, y)
    assert model.feature_weights_[[0, -2, -1]].tolist() == [0.0, 0.0, 0.0]
    assert model.feature_metric_[[0, -2, -1]].tolist() == [0.0, 0.0, 0.0]
    assert model.feature_weights_.sum() == pytest.approx(1.0)


@both
def test_constant_features_change_nothing(affiliation):
    X, y = small_table(7)
    centers = X[~np.isnan(X).any(axis=1)][:4]
    wider = np.column_stack([np.full(len(X), 273.15), X])
    wider_centers = np.column_stack([np.full(4, 273.15), centers])
    model = small_model(affiliation=affiliation, init=centers).fit(X, y)
    beside = small_model(affiliation=affiliation, init=wider_centers).fit(wider, y)
    assert beside.loss_ == pytest.approx(model.loss_, rel=0, abs=1e-12)
    assert beside.box_of(wider).tolist() == model.box_of(X).tolist()
    assert beside.feature_weights_[1:] == pytest.approx(model.feature_weights_, rel=0, abs=1e-12)


def test_a_feature_constant_over_the_rows_that_weigh_is_constant():
    X, y = small_table(7, missing=0.0)
    weights = (np.arange(len(X)) < 50).astype(float)
    X[weights > 0, 2] = 5.0
    assert small_model().fit(X, y, weights).feature_weights_[2] == 0.0


@both
@pytest.mark.parametrize("order", ["GSLW", "GWSL"])
def test_without_entropy_one_feature_takes_all_weight(affiliation, order):
    for seed in range(5):
        X, y = small_table(seed)
        weights = small_model(affiliation=affiliation, order=order, eps_entropy=0.0).fit(X, y).feature_weights_
        assert sorted(weights.tolist()) == [0.0, 0.0, 0.0, 1.0]


@both
def test_with_strong_entropy_all_features_weigh_alike(affiliation):
    X, y = small_table(3)
    model = small_model(affiliation=affiliation, eps_entropy=1e9).fit(X, y)
    assert model.feature_weights_ == pytest.approx(np.full(4, 0.25), abs=1e-8)


def test_repeated_features_share_their_weight():
    X, y = small_table(9)
    twice = np.column_stack([X, X[:, 0]])
    weights = small_model().fit(twice, y).feature_weights_
    assert weights[0] == pytest.approx(weights[-1], rel=1e-9)


def test_importances_are_the_feature_weights():
    model = small_model().fit(*small_table(2))
    assert model.feature_importances_.tolist() == model.feature_weights_.tolist()
