"""Calibration, losses and deviance against scikit-learn's.

Ranks and areas are compared with it in ``tests/learning/scores``, ``tests/imagery`` and ``tests/ordinal``. Nothing of
ours is fitted by isotonic regression: calibration is a line of log odds, or one temperature.
"""

import numpy as np
import pytest
from forecast_problems import forecast_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import brier_score_loss, d2_tweedie_score, log_loss, mean_poisson_deviance, roc_auc_score

from entropice.comparison.skill import UnitForecast, deviance_skill
from entropice.espa.calibration import fit_temperature, tempered
from entropice.imagery.pixel_scores import calibration_error, log_score, reliability
from entropice.imagery.score_steps import steps_of
from entropice.learning.scores import SCORES, log_losses
from entropice.learning.scores.calibration import N_BINS
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.table import block_replicates
from entropice.report.reliability import reliability as reported_reliability

few = settings(max_examples=20, deadline=None)


def forecasts(seed: int, n: int, n_levels: int, n_blocks: int = 8):
    """Chances that come true less often than they say, equal ones among them where there are few levels."""
    random = np.random.default_rng(seed)
    chance = random.integers(1, n_levels, n) / n_levels
    is_positive = random.random(n) < chance**1.5
    is_positive[:2] = True, False
    return forecast_of(chance, is_positive, np.arange(n) % n_blocks)


def value(name: str, forecast, weights=None) -> float:
    weights = np.ones((1, forecast.n_blocks)) if weights is None else weights
    return SCORES[name].values(Resampled(forecast, weights))[0]


# With n a multiple of 10 no tenth ends exactly at a row, where rounding would decide its bin.
tens = st.integers(3, 30).map(lambda n: 10 * n)


@given(seed=st.integers(0, 10_000), n=tens, n_levels=st.sampled_from([5, 20, 100_000]))
@few
def test_the_reported_curve_is_the_calibration_curve(seed, n, n_levels):
    forecast = forecasts(seed, n, n_levels)
    curve = reported_reliability(forecast.chance, forecast.is_positive)
    frequency, told = calibration_curve(forecast.is_positive, forecast.chance, n_bins=N_BINS, strategy="quantile")
    np.testing.assert_allclose(curve["frequency"], frequency, rtol=1e-12)
    np.testing.assert_allclose(curve["forecast"], told, rtol=1e-12)


@given(seed=st.integers(0, 10_000), n=tens, n_levels=st.sampled_from([5, 20, 100_000]))
@few
def test_the_calibration_error_is_the_mean_gap_of_the_curve(seed, n, n_levels):
    """scikit-learn tells no sizes of its bins; those of the reported curve, whose means are the same, stand in."""
    forecast = forecasts(seed, n, n_levels)
    frequency, told = calibration_curve(forecast.is_positive, forecast.chance, n_bins=N_BINS, strategy="quantile")
    sizes = reported_reliability(forecast.chance, forecast.is_positive)["n"]
    expected = np.average(np.abs(told - frequency), weights=sizes)
    assert value("ece", forecast) == pytest.approx(expected, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_reliability_of_pixels(seed):
    """At the ratio that the pixels have themselves, without ties, tenths are those of scikit-learn."""
    logits, is_positive = gaussian_pixels(seed, 2000, 0.2)
    steps, ratio = steps_of(logits, is_positive), (~is_positive).sum() / is_positive.sum()
    frequency, told = calibration_curve(is_positive, expit(logits), n_bins=10, strategy="quantile")
    chances, frequencies = reliability(steps, ratio)
    np.testing.assert_allclose(chances[::-1], told, rtol=1e-10)
    np.testing.assert_allclose(frequencies[::-1], frequency, atol=1e-10)
    assert calibration_error(steps, ratio) == pytest.approx(np.abs(told - frequency).mean(), abs=1e-12)
    assert log_score(steps, ratio) == pytest.approx(log_loss(is_positive, expit(logits)), rel=1e-10)


@given(seed=st.integers(0, 10_000), n=st.integers(3, 60), n_classes=st.integers(2, 5))
@few
def test_log_losses(seed, n, n_classes):
    """Above the floor: scikit-learn's lies at the rounding of 0, ours at 1e-4."""
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(n_classes), n) * (1 - 1e-3) + 1e-3 / n_classes
    codes = random.integers(0, n_classes, n)
    theirs = log_loss(codes, probabilities, labels=np.arange(n_classes))
    assert log_losses(probabilities, codes).mean() == pytest.approx(theirs, rel=1e-12)


@given(seed=st.integers(0, 10_000), n=st.integers(20, 80))
@few
def test_replicates_are_scores_of_weighted_rows(seed, n):
    forecast = forecasts(seed, n, 50)
    weights = block_replicates(forecast.n_blocks, seed, 1)
    of_row = weights[0][forecast.block]
    truth, constant = forecast.is_positive, np.full(n, 0.5)
    assume(0 < (of_row * truth).sum() < of_row.sum())

    def skill(loss) -> float:
        given_weights = {"sample_weight": of_row}
        return 1 - loss(truth, forecast.chance, **given_weights) / loss(truth, constant, **given_weights)

    assert value("brier_skill", forecast, weights) == pytest.approx(skill(brier_score_loss), rel=1e-10)
    assert value("log_skill", forecast, weights) == pytest.approx(skill(log_loss), rel=1e-10)
    expected = roc_auc_score(truth, forecast.chance, sample_weight=of_row)
    assert value("auc", forecast, weights) == pytest.approx(expected, rel=1e-10)


@given(seed=st.integers(0, 10_000), n=st.integers(5, 60))
@few
def test_skill_of_densities_is_the_explained_poisson_deviance(seed, n):
    """Where the reference is the mean over the land itself, which scikit-learn's is always."""
    random = np.random.default_rng(seed)
    land_m2, forecast = random.uniform(1, 9, n), random.gamma(2, 1, n) + 0.01
    truth = random.poisson(forecast).astype(float)
    truth[0] = 3.0
    reference = np.full(n, np.average(truth, weights=land_m2))
    found = deviance_skill(UnitForecast(forecast, reference, truth, land_m2), np.arange(n))
    assert found == pytest.approx(d2_tweedie_score(truth, forecast, sample_weight=land_m2, power=1), rel=1e-10)
    other = np.full(n, 2.0)
    losses = [mean_poisson_deviance(truth, told, sample_weight=land_m2) for told in (forecast, other)]
    found = deviance_skill(UnitForecast(forecast, other, truth, land_m2), np.arange(n))
    assert found == pytest.approx(1 - losses[0] / losses[1], rel=1e-10)


class Told(ClassifierMixin, BaseEstimator):
    """Probabilities that are handed in as features."""

    def fit(self, features, codes):
        self.classes_ = np.unique(codes)
        return self

    def predict_proba(self, features):
        return features

    def predict(self, features):
        return features.argmax(axis=1)


@pytest.mark.filterwarnings("ignore:Since FrozenEstimator does not appear to accept sample_weight")
@pytest.mark.parametrize("seed", range(4))
def test_the_temperature(seed):
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.full(3, 0.7), 500) * 0.999 + 0.001 / 3
    codes = (probabilities.cumsum(axis=1) < random.random((500, 1))).sum(axis=1)
    bold, weights = tempered(probabilities, 0.6), random.uniform(0, 2, 500)
    theirs = CalibratedClassifierCV(FrozenEstimator(Told().fit(bold, codes)), method="temperature")
    theirs.fit(bold, codes, sample_weight=weights)
    temperature = fit_temperature(bold, codes, weights)
    np.testing.assert_allclose(tempered(bold, temperature), theirs.predict_proba(bold), atol=2e-6)
