"""Intervals and regressions against those of statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from forecast_problems import forecast_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from entropice.imagery.block_bootstrap import bootstrap, paired_difference
from entropice.imagery.calibration import fit_line, fit_temperature, prior_shift
from entropice.imagery.score_steps import steps_of
from entropice.learning.drivers.significance import block_intervals, q_values
from entropice.learning.scores.calibration import recalibration
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.skills import log_odds
from entropice.learning.scores.table import block_replicates
from entropice.report.reliability import wilson_interval

few = settings(max_examples=20, deadline=None)
N_BLOCKS = 150


def mean_of(sums: np.ndarray) -> np.ndarray:
    """Mean of sums and sizes (…, 2)."""
    return sums[..., 0] / sums[..., 1]


def rows_of_blocks(seed: int, n: int = 6000) -> tuple[np.ndarray, np.ndarray]:
    """Values (n,) that share an effect of their block, and blocks (n,) of different size."""
    random = np.random.default_rng(seed)
    block = random.integers(0, N_BLOCKS, n) * random.integers(0, 2, n)
    block = np.unique(np.where(block, block, random.integers(0, N_BLOCKS, n)), return_inverse=True)[1]
    return random.normal(0, 1, N_BLOCKS)[block] + random.normal(0.3, 1, n), block


def sums_of(values: np.ndarray, block: np.ndarray) -> np.ndarray:
    return np.column_stack([np.bincount(block, weights=values), np.bincount(block)])


def clustered(values: np.ndarray, block: np.ndarray) -> tuple[float, float]:
    """Central 95 % of the mean by standard errors that are robust to clusters (Liang and Zeger's sandwich)."""
    groups = {"groups": block, "use_correction": False}
    fitted = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds=groups)
    return tuple(fitted.conf_int()[0])


def same_interval(ours: tuple[float, float], theirs: tuple[float, float]) -> None:
    """Ends within 4 % of the width, half of what makes a 95 % interval a 90 % one; 4000 draws err by 1 %."""
    assert np.abs(np.subtract(ours, theirs)).max() < 0.04 * (theirs[1] - theirs[0])


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_of_a_mean_is_that_of_cluster_robust_errors(seed):
    values, block = rows_of_blocks(seed)
    found = bootstrap(mean_of, sums_of(values, block), block_replicates(N_BLOCKS, seed, 4000))
    assert found.value == pytest.approx(values.mean(), rel=1e-12)
    same_interval((found.low_95, found.high_95), clustered(values, block))


@pytest.mark.parametrize("seed", range(3))
def test_a_paired_difference_is_a_mean_of_differences_within_clusters(seed):
    """Both models share the effects of the blocks; the interval of the difference knows it."""
    hard, block = rows_of_blocks(seed)
    random = np.random.default_rng([seed, 1])
    first, second = (hard + random.normal(shift, 0.5, len(hard)) for shift in (0.0, 0.02))
    weights = block_replicates(N_BLOCKS, seed, 4000)
    found = paired_difference(mean_of, sums_of(first, block), mean_of, sums_of(second, block), weights)
    same_interval((found.low_95, found.high_95), clustered(first - second, block))
    apart = bootstrap(mean_of, sums_of(first, block), weights)
    assert found.high_95 - found.low_95 < 0.3 * (apart.high_95 - apart.low_95)


def test_the_interval_of_an_importance():
    """Ends of 500 draws err by 3 % of the width, their means over ten seeds by 1 %."""
    values, block = rows_of_blocks(5)
    codes = block.astype(np.uint64)
    ends = [block_intervals(values[None], codes, np.random.default_rng(seed))[:, 0] for seed in range(10)]
    same_interval(tuple(np.mean(ends, axis=0)), clustered(values, block))


@given(n=st.integers(1, 10_000), share=st.floats(0, 1))
@few
def test_wilsons_interval(n, share):
    happened = round(share * n)
    ours = np.ravel(wilson_interval(np.array([happened / n]), np.array([float(n)])))
    theirs = proportion_confint(happened, n, alpha=0.05, method="wilson")
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@few
def test_q_values_are_benjamini_and_hochbergs(p):
    _, theirs, _, _ = multipletests(p, method="fdr_bh")
    np.testing.assert_allclose(q_values(np.array(p)), theirs, rtol=1e-12, atol=1e-15)


def weighted_to(is_positive: np.ndarray, ratio: float) -> np.ndarray:
    """Weights (n,) of positives and negatives that make them 1 : ratio, their sum the number of pixels."""
    shares = np.where(is_positive, 1 / is_positive.sum(), ratio / (~is_positive).sum())
    return shares / shares.sum() * len(shares)


def binomial(is_positive, design, weights, **given_too):
    """A logistic regression by iterated least squares."""
    model = sm.GLM(is_positive.astype(float), design, sm.families.Binomial(), freq_weights=weights, **given_too)
    return model.fit(tol=1e-12, maxiter=200).params


@pytest.mark.parametrize("ratio", [9, 200])
def test_the_temperature_is_a_regression_without_intercept_beside_an_offset(ratio):
    logits, is_positive = gaussian_pixels(6, 3000, 0.1)
    found = fit_temperature(steps_of(2 * logits, is_positive), ratio, training_ratio=9)
    offset = np.full(len(logits), prior_shift(9, ratio))
    (slope,) = binomial(is_positive, 2 * logits[:, None], weighted_to(is_positive, ratio), offset=offset)
    assert found.slope == pytest.approx(slope, rel=1e-8)


@pytest.mark.parametrize("ratio", [9, 200])
def test_platts_line(ratio):
    logits, is_positive = gaussian_pixels(7, 3000, 0.1)
    found = fit_line(steps_of(logits, is_positive), ratio)
    line = binomial(is_positive, sm.add_constant(logits), weighted_to(is_positive, ratio))
    assert (found.intercept, found.slope) == pytest.approx(tuple(line), rel=1e-7)


def test_reliability_and_the_one_step_of_a_replicate():
    """A replicate's step is the first of statsmodels' iterations from the fit of all rows."""
    random = np.random.default_rng(8)
    odds, block = random.normal(-1.5, 1.0, 2000), np.arange(2000) % 20
    forecast = forecast_of(1 / (1 + np.exp(-odds)), random.random(2000) < 1 / (1 + np.exp(-0.7 * odds)), block)
    design, truth = sm.add_constant(log_odds(forecast.chance)), forecast.is_positive.astype(float)
    line = binomial(forecast.is_positive, design, np.ones(2000))
    np.testing.assert_allclose(recalibration(Resampled(forecast, np.ones((1, 20))))[0], line, rtol=1e-8)
    weights = block_replicates(20, 0, 5)
    for found, drawn in zip(recalibration(Resampled(forecast, weights)), weights, strict=True):
        hessian, gradient = newton_of(truth, design, drawn[block], line)
        np.testing.assert_allclose(found, line - np.linalg.solve(hessian, gradient), rtol=1e-8)


def newton_of(truth, design, weights, at):
    """Second and first derivatives of the log likelihood; with this link those expected are those observed."""
    model = sm.GLM(truth, design, sm.families.Binomial(), freq_weights=weights)
    return model.hessian(at, observed=False), model.score(at)
