"""An effective number of features that the weights hold: exp(H(W)) = n, by a constraint in place of a penalty."""

import numpy as np
import pytest
from espa_problems import place_of, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning

from entropice.espa import ESPAClassifier, ESPASearch
from entropice.espa.updates import entropy_strengths, update_feature_weights

seeds = st.integers(0, 10_000)


def model(n_effective_features, **parameters):
    fixed = {"n_init": 3, "tol": 1e-6, "random_state": 0}
    return ESPAClassifier(4, n_effective_features=n_effective_features, **fixed | parameters)


def strengths(errors, n_effective_features):
    return entropy_strengths(errors, np.full(len(errors), n_effective_features))


def effective_number(weights):
    positive = weights[weights > 0]
    return np.exp(-(positive * np.log(positive)).sum())


@given(
    seed=seeds,
    n_features=st.integers(2, 200),
    decades=st.sampled_from([0.1, 1.0, 6.0]),
    share=st.floats(1e-3, 1 - 1e-3),
    unit=st.sampled_from([1e-12, 1.0, 1e9]),
)
@settings(max_examples=100)
def test_weights_have_the_effective_number_whatever_the_errors(seed, n_features, decades, share, unit):
    errors = unit * 10 ** np.random.default_rng(seed).uniform(-decades, 0, (3, n_features))
    n_effective_features = 1 + share * (n_features - 1)
    weights = update_feature_weights(errors, strengths(errors, n_effective_features))
    assert [effective_number(each) for each in weights] == pytest.approx([n_effective_features] * 3, rel=1e-6)


def test_strengths_worked_by_hand():
    """Two features apart by 1 weigh 1 : 1/3 at b = 1 / log 3; a third that does not vary, and units, change nothing."""
    n_effective_features = effective_number(np.array([0.75, 0.25]))
    errors = np.array([[0.0, 1.0, np.inf], [5.0, 3.0, np.inf]])
    found = strengths(errors, n_effective_features)
    assert found == pytest.approx([1 / np.log(3), 2 / np.log(3)])
    assert update_feature_weights(errors, found) == pytest.approx(np.array([[0.75, 0.25, 0.0], [0.25, 0.75, 0.0]]))


@pytest.mark.parametrize("n_effective_features", [2.0, 2.5, 1e6])
def test_as_many_as_vary_or_more_weigh_alike(n_effective_features):
    errors = np.array([[0.0, 1e-3, np.inf]])
    found = strengths(errors, n_effective_features)
    assert found.tolist() == [np.inf]
    assert update_feature_weights(errors, found).tolist() == [[0.5, 0.5, 0.0]]


def test_features_that_share_the_smallest_error_share_the_weight():
    """Fewer than these cannot be had."""
    errors = np.array([[1.0, 1.0, 1.0, 2.0], [1.0, 1.0, 1.0, 1.0]])
    weights = update_feature_weights(errors, strengths(errors, 2.0))
    assert weights == pytest.approx(np.array([[1 / 3, 1 / 3, 1 / 3, 0], [1 / 4, 1 / 4, 1 / 4, 1 / 4]]))


@given(
    seed=seeds,
    n_effective_features=st.floats(1.01, 5.0),
    affiliation=st.sampled_from(["hard", "soft"]),
    order=st.sampled_from(["GSLW", "GWSL"]),
    scale=st.sampled_from(["minmax", None]),
    class_weight=st.sampled_from([None, "balanced"]),
    missing=st.sampled_from([0.0, 0.2]),
)
@settings(max_examples=30)
def test_fits_hold_the_number_and_their_loss_falls(seed, n_effective_features, missing, **parameters):
    X, y = small_table(seed, n_features=5, missing=missing)
    weights = np.random.default_rng(seed).integers(0, 4, len(X)).astype(float)
    weights[:5] = 1
    fitted = model(n_effective_features, **parameters).fit(X, y, weights)
    assert effective_number(fitted.feature_weights_) == pytest.approx(n_effective_features, rel=1e-6)
    assert np.diff(fitted.loss_curve_).max(initial=0.0) <= 0.0


@pytest.mark.parametrize("n_effective_features", [4.0, 7.0])
def test_all_features_that_vary_weigh_alike_where_the_number_is_as_large(n_effective_features):
    X, y = small_table(0)
    fitted = model(n_effective_features).fit(np.column_stack([X, np.ones(len(X))]), y)
    assert fitted.feature_weights_.tolist() == [0.25] * 4 + [0.0]
    assert fitted.eps_entropy_ == np.inf


def test_the_loss_has_no_term_of_the_entropy():
    X, y = small_table(3, missing=0.0)
    fitted = model(2.0, eps_class=0.0, reassign=False, eps_entropy=5.0).fit(X, y)
    assert fitted.loss_ == pytest.approx(fitted.distances(X).min(axis=1).mean())


def test_a_fit_with_the_strength_that_was_found_stays_where_it_is():
    """b is the multiplier of the constraint: the penalised objective has a minimum at the same boxes."""
    X, y = small_table(1, n_rows=200, n_features=6)
    fitted = model(3.0, tol=0.0).fit(X, y)
    centers, weights = fitted.box_centers_, fitted.feature_weights_
    fitted.set_params(n_effective_features=None, eps_entropy=fitted.eps_entropy_, warm_start=True).fit(X, y)
    assert fitted.feature_weights_ == pytest.approx(weights, abs=1e-9)
    assert fitted.box_centers_ == pytest.approx(centers, rel=1e-9)


def test_without_the_number_the_strength_is_the_one_given():
    X, y = small_table(1)
    assert model(None, eps_entropy=0.02).fit(X, y).eps_entropy_ == 0.02


@pytest.mark.parametrize("place", ["numpy", "torch", "strict"])
def test_strengths_are_the_same_in_every_namespace(place):
    there = place_of(place)
    errors = np.random.default_rng(0).exponential(size=(4, 30))
    errors[1:3, 3] = np.inf
    numbers = np.array([2.0, 7.0, 7.0, 12.5])
    found = np.asarray(entropy_strengths(there.asarray(errors), there.asarray(numbers)))
    assert found == pytest.approx(entropy_strengths(errors, numbers), rel=1e-12)


def test_a_search_varies_the_number_and_each_fit_is_that_of_a_fit_alone():
    X, y = small_table(5, n_rows=90)
    splits = [(np.flatnonzero(np.arange(90) % 3 != fold), np.flatnonzero(np.arange(90) % 3 == fold)) for fold in (0, 1)]
    search = ESPASearch(model(None), param_grid={"n_effective_features": [1.5, 3.0, None]}, cv=splits).fit(X, y)
    for number, params in enumerate(search.cv_results_["params"]):
        for fold, (train, test) in enumerate(splits):
            alone = model(**params).fit(X[train], y[train])
            own = alone.predict_proba(X[test])[np.arange(len(test)), np.searchsorted(alone.classes_, y[test])]
            expected = np.log(np.maximum(own, 1e-12)).mean()
            assert search.cv_results_[f"split{fold}_test_score"][number] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n_effective_features", [1.0, 0.0, -3, np.nan, "many"])
def test_a_number_that_cannot_be_is_refused(n_effective_features):
    with pytest.raises(ValueError, match="n_effective_features"):
        model(n_effective_features).fit(*small_table(0))


def test_the_number_is_held_even_after_one_sweep():
    X, y = small_table(2)
    with pytest.warns(ConvergenceWarning):
        fitted = model(2.0, max_iter=1).fit(X, y)
    assert effective_number(fitted.feature_weights_) == pytest.approx(2.0, rel=1e-6)
