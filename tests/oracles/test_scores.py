"""Our scores against those of `scores`, the Bureau of Meteorology's verification package."""

import numpy as np
import pytest
import xarray as xr
from forecast_problems import forecast_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scores.probability import brier_score, crps_for_ensemble, roc_auc

from entropice.learning.outlook.crps import crps
from entropice.learning.scores import SCORES
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.skills import brier_scores, ranked_probability_scores

N_CLASSES = 4
N_MEMBERS = 24

problems = settings(max_examples=25, deadline=None)


def ensemble_of_classes(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Members' class codes (n, member), the probabilities (n, class) that they stand for, and the truth (n,)."""
    random = np.random.default_rng(seed)
    favoured = random.integers(0, N_CLASSES, (n, 1))
    members = np.where(random.random((n, N_MEMBERS)) < 0.5, favoured, random.integers(0, N_CLASSES, (n, N_MEMBERS)))
    probabilities = (members[:, :, None] == np.arange(N_CLASSES)).mean(axis=1)
    return members, probabilities, random.integers(0, N_CLASSES, n)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 40))
@problems
def test_brier_scores(seed, n):
    _, probabilities, codes = ensemble_of_classes(seed, n)
    chance = xr.DataArray(1 - probabilities[:, 0], dims="row")
    theirs = brier_score(chance, xr.DataArray((codes > 0).astype(float), dims="row"), preserve_dims="all")
    np.testing.assert_allclose(brier_scores(probabilities, codes), theirs, rtol=1e-12, atol=1e-15)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 40))
@problems
def test_the_ranked_probability_score_is_the_crps_of_class_codes(seed, n):
    """Codes lie one apart, so that the integral over the squared gap of the steps is our sum over classes."""
    members, probabilities, codes = ensemble_of_classes(seed, n)
    told = xr.DataArray(members.astype(float), dims=("row", "member"))
    truth = xr.DataArray(codes.astype(float), dims="row")
    theirs = crps_for_ensemble(told, truth, "member", method="ecdf", preserve_dims="all")
    np.testing.assert_allclose(ranked_probability_scores(probabilities, codes), theirs, rtol=1e-12, atol=1e-13)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 40))
@problems
def test_the_ranked_probability_score_is_a_sum_of_brier_scores(seed, n):
    _, probabilities, codes = ensemble_of_classes(seed, n)
    at_most = xr.DataArray(probabilities.cumsum(axis=1).clip(0, 1), dims=("row", "threshold"))
    truth = xr.DataArray((codes[:, None] <= np.arange(N_CLASSES)).astype(float), dims=("row", "threshold"))
    theirs = brier_score(at_most, truth, preserve_dims="all").sum("threshold")
    np.testing.assert_allclose(ranked_probability_scores(probabilities, codes), theirs, rtol=1e-12, atol=1e-13)


@given(seed=st.integers(0, 10_000), n_draws=st.integers(2, 30), unknown=st.booleans())
@problems
def test_crps_of_draws_is_the_fair_one(seed, n_draws, unknown):
    random = np.random.default_rng(seed)
    draws, truth = random.normal(3, 10, (n_draws, 2, 5)).round(1), random.normal(0, 10, (2, 5)).round(1)
    if unknown:
        truth[0, 0] = np.nan
    told, seen = xr.DataArray(draws, dims=("member", "index", "cell")), xr.DataArray(truth, dims=("index", "cell"))
    theirs = crps_for_ensemble(told, seen, "member", method="fair", preserve_dims="all")
    np.testing.assert_allclose(crps(draws, truth), theirs, rtol=1e-11, atol=1e-11)


def test_a_draw_that_is_unknown_makes_our_crps_unknown_and_theirs_that_of_the_others():
    """A difference of definition: fewer draws are another forecast, which we do not score unasked."""
    draws = np.array([[0.0], [2.0], [np.nan]])
    told, seen = xr.DataArray(draws, dims=("member", "cell")), xr.DataArray([1.0], dims="cell")
    theirs = crps_for_ensemble(told, seen, "member", method="fair", preserve_dims="all")
    assert np.isnan(crps(draws, np.array([1.0]))).all()
    np.testing.assert_allclose(theirs, crps(draws[:2], np.array([1.0])), atol=1e-15)


@given(seed=st.integers(0, 10_000), n_levels=st.integers(2, 60))
@problems
def test_area_under_the_roc_curve(seed, n_levels):
    random = np.random.default_rng(seed)
    chance = random.integers(0, n_levels, 50) / n_levels
    is_positive = random.random(50) < 0.2 + 0.6 * chance
    is_positive[:2] = True, False
    ours = SCORES["auc"].values(Resampled(forecast_of(chance, is_positive), np.ones((1, 1))))[0]
    theirs = roc_auc(xr.DataArray(chance, dims="row"), xr.DataArray(is_positive.astype(float), dims="row"))
    assert ours == pytest.approx(float(theirs), rel=1e-12)
