"""Laws of the ordinal ridge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ordinal_problems import GROUPS, ordered_table
from sklearn.linear_model import LogisticRegression

from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier, fit_path

seeds = st.integers(0, 10_000)
few = settings(max_examples=12, deadline=None)


def model(**changes):
    return OrdinalRidgeClassifier(
        **{"groups": GROUPS, "n_components": {"climate": 1, "terrain": 2}, "exposure": "log_area"} | changes
    )


def test_two_classes_without_groups_are_logistic_regression():
    X, y = ordered_table(n_classes=2)
    X = X.fillna(X.median())
    z = (X - X.mean()) / X.std(ddof=0)
    rival = LogisticRegression(C=0.25, tol=1e-12, max_iter=5000).fit(z, y)
    fitted = OrdinalRidgeClassifier(4.0, clip=100.0).fit(X, y)
    assert fitted.coef_ == pytest.approx(rival.coef_, abs=1e-6)
    assert fitted.intercept_ == pytest.approx(rival.intercept_, abs=1e-6)
    assert fitted.predict_proba(X) == pytest.approx(rival.predict_proba(z), abs=1e-6)


def test_without_columns_that_vary_classes_have_their_frequencies():
    y = np.array([0, 0, 0, 0, 1, 1, 2, 3])
    assert OrdinalRidgeClassifier().fit(np.ones((8, 1)), y).predict_proba([[1.0]]) == pytest.approx(
        np.array([[4, 2, 1, 1]]) / 8
    )


def test_logits_of_the_two_views_are_averaged():
    """The view of components is a ridge path on what the transformer gives."""
    X, y = ordered_table(n_classes=2)
    both, raw = model().fit(X, y), model(groups=None).fit(X, y)
    view = GroupComponents(GROUPS, both.n_components, exposure="log_area", exposure_scale=5.0).fit_transform(X)
    components = LogisticRegression(C=1.0, tol=1e-12, max_iter=5000).fit(view, y).decision_function(view)
    assert both.stage_logits(X)[:, 0] == pytest.approx((raw.stage_logits(X)[:, 0] + components) / 2, abs=1e-6)


@few
@given(seeds)
def test_integer_weights_are_repeated_rows_and_0_is_an_absent_row(seed):
    X, y = ordered_table(seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(y))
    weighted = model().fit(X, y, sample_weight=weights)
    repeated = model().fit(X.loc[X.index.repeat(weights)], np.repeat(y, weights))
    assert weighted.predict_proba(X) == pytest.approx(repeated.predict_proba(X), abs=1e-8)


@few
@given(seeds)
def test_the_order_of_rows_and_of_columns_changes_nothing(seed):
    X, y = ordered_table(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(len(y)), random.permutation(X.shape[1])
    expected = model().fit(X, y).predict_proba(X)
    assert model().fit(X.iloc[rows], y[rows]).predict_proba(X) == pytest.approx(expected, abs=1e-8)
    shuffled = X.iloc[:, columns]
    found = model(groups=np.array(GROUPS)[columns].tolist()).fit(shuffled, y).predict_proba(shuffled)
    assert found == pytest.approx(expected, abs=1e-8)


@few
@given(seeds, st.sampled_from([0.0, 0.1, np.nan]))
def test_a_constant_or_unknown_column_changes_nothing_whatever_it_says_later(seed, value):
    X, y = ordered_table(seed)
    wider = model(groups=[*GROUPS, "terrain"]).fit(X.assign(flat=value), y)
    expected = model().fit(X, y).predict_proba(X)
    for later in (value, 3.0, -1e6):
        assert wider.predict_proba(X.assign(flat=later)) == pytest.approx(expected, abs=1e-7)


@few
@given(seeds)
def test_twice_the_exposure_raises_the_chance_of_any_where_its_coefficient_is_positive(seed):
    X, y = ordered_table(seed)
    fitted = model().fit(X, y)
    doubled = X.assign(log_area=X["log_area"] + np.log(2))
    change = fitted.predict_proba(X)[:, 0] - fitted.predict_proba(doubled)[:, 0]
    assert (np.sign(change) == np.sign(fitted.coef_[0, -1])).all()
    assert fitted.stage_logits(doubled) - fitted.stage_logits(X) == pytest.approx(
        np.tile(np.log(2) * fitted.coef_[:, -1] / fitted.scales_[-1], (len(X), 1))
    )


def test_the_ridge_hardly_touches_the_exposure():
    """Beside an exposure that it does not touch at all, and one that it touches like any column."""
    X, y = ordered_table(n_rows=1000)
    touched, hardly, free = (
        model(ridge=100.0, exposure_scale=scale).fit(X, y).standardised_coef()[0, -1] for scale in (1.0, 5.0, 1e3)
    )
    assert hardly > 0.95 * free
    assert touched < 0.8 * free


@few
@given(seeds)
def test_contributions_sum_to_the_logit_beside_that_of_the_mean_row(seed):
    X, y = ordered_table(seed)
    fitted = model().fit(X, y)
    parts = fitted.contributions(X)
    assert parts.shape == X.shape
    assert parts.sum(axis=1) + fitted.intercept_[0] == pytest.approx(fitted.stage_logits(X)[:, 0], abs=1e-12)
    assert parts.mean(axis=0) == pytest.approx(np.zeros(5), abs=1e-12)


def test_a_path_gives_the_fits_that_single_ridges_give():
    X, y = ordered_table()
    pairs = [(0.1, 10.0), (1.0, 1.0), (300.0, 0.3)]
    for (ridge, later_ridge), fitted in zip(pairs, fit_path(model(), X, y, pairs), strict=True):
        alone = model(ridge=ridge, later_ridge=later_ridge).fit(X, y)
        assert fitted.get_params() == alone.get_params()
        assert fitted.predict_proba(X) == pytest.approx(alone.predict_proba(X), abs=1e-7)


def test_each_ridge_holds_its_own_stages():
    X, y = ordered_table()
    loose, first, later = (model(ridge=a, later_ridge=b).fit(X, y).coef_ for a, b in [(1, 1), (1e9, 1), (1, 1e9)])
    assert first[0] == pytest.approx(np.zeros(5), abs=1e-5)
    assert first[1:] == pytest.approx(loose[1:])
    assert later[1:] == pytest.approx(np.zeros((2, 5)), abs=1e-5)
    assert later[0] == pytest.approx(loose[0])
    assert (loose[1] == loose[2]).all()


def test_classes_may_be_any_labels_and_sort_as_they_do():
    X, y = ordered_table()
    named = model().fit(X, np.array(["a none", "b few", "c some", "d many"])[y])
    assert named.classes_.tolist() == ["a none", "b few", "c some", "d many"]
    assert (named.predict_proba(X) == model().fit(X, y).predict_proba(X)).all()
    assert set(named.predict(X)) <= set(named.classes_)


def test_values_beyond_the_clip_count_as_the_clip():
    X, y = ordered_table()
    fitted = model().fit(X, y)
    far, further = (fitted.predict_proba(X.assign(warm=value)) for value in (1e3, 1e6))
    assert (far == further).all()


def test_an_unknown_value_counts_as_the_median():
    X, y = ordered_table()
    fitted = model().fit(X, y)
    expected = fitted.predict_proba(X.assign(wet=X["wet"].median()))
    assert fitted.predict_proba(X.assign(wet=np.nan)) == pytest.approx(expected)
    assert fitted.predict_proba(pd.DataFrame(np.nan, X.index, X.columns)).sum(axis=1) == pytest.approx(np.ones(len(X)))
