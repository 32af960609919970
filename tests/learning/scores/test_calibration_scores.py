"""Reliability: the logistic recalibration against scikit-learn, its laws, and where there is none."""

import numpy as np
import pytest
from forecast_problems import forecast_of
from sklearn.linear_model import LogisticRegression

from entropice.learning.scores.calibration import log_odds, recalibration
from entropice.learning.scores.resampled import Resampled

N_BLOCKS = 30


def sigmoid(odds):
    return 1 / (1 + np.exp(-odds))


def noisy(seed=0, intercept=0.0, slope=1.0, n=3000):
    """Forecasts whose true log odds are intercept + slope × theirs."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1.5, 1.0, n)
    is_positive = random.random(n) < sigmoid(intercept + slope * odds)
    return forecast_of(sigmoid(odds), is_positive, random.integers(0, N_BLOCKS, n))


def refitted(forecast, sample_weight=None):
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    model.fit(log_odds(forecast.chance)[:, None], forecast.is_positive, sample_weight)
    return model.intercept_[0], model.coef_[0, 0]


def test_intercept_and_slope_are_those_of_a_logistic_regression():
    forecast = noisy()
    assert recalibration(Resampled(forecast, np.ones((1, N_BLOCKS))))[0] == pytest.approx(refitted(forecast), abs=1e-5)


def test_one_step_from_the_fit_of_all_rows_is_next_to_a_replicates_own_fit():
    """The step leaves out terms of second order: a tenth of what replicates differ by, at most."""
    forecast = noisy()
    weights = np.random.default_rng(1).multinomial(N_BLOCKS, np.full(N_BLOCKS, 1 / N_BLOCKS), size=40).astype(float)
    found = recalibration(Resampled(forecast, weights))
    exact = np.array([refitted(forecast, row[forecast.block]) for row in weights])
    assert (np.abs(found - exact).max(axis=0) < 0.25 * exact.std(axis=0)).all()
    assert (np.abs(found - exact).mean(axis=0) < 0.1 * exact.std(axis=0)).all()


@pytest.mark.parametrize(("intercept", "slope"), [(0.0, 1.0), (-0.5, 1.0), (0.0, 0.5), (0.3, 2.0)])
def test_what_forecasts_get_wrong_is_found(intercept, slope):
    found = recalibration(Resampled(noisy(2, intercept, slope, 40_000), np.ones((1, N_BLOCKS))))[0]
    assert found == pytest.approx([intercept, slope], abs=0.12)


@pytest.mark.parametrize(
    ("chance", "is_positive"),
    [([0.2, 0.4, 0.6], [0, 0, 0]), ([0.3, 0.3, 0.3], [0, 1, 0]), ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])],
    ids=["no slumps", "one forecast for all", "no fault"],
)
def test_where_no_fit_exists_the_scores_are_not_defined(chance, is_positive):
    assert np.isnan(recalibration(Resampled(forecast_of(chance, is_positive), np.ones((2, 1))))).all()
