"""CRPS of draws, against its definition."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from entropice.learning.outlook.crps import crps, inner_range

NUMBERS = st.floats(-100, 100, width=32)


@given(arrays(np.float64, st.tuples(st.integers(2, 8), st.integers(1, 3)), elements=NUMBERS), NUMBERS)
def test_it_is_the_mean_over_all_draws_and_pairs(draws: np.ndarray, truth: float) -> None:
    n = len(draws)
    pairs = [np.abs(draws[i] - draws[j]) for i in range(n) for j in range(n) if i != j]
    expected = np.abs(draws - truth).mean(axis=0) - np.mean(pairs, axis=0) / 2

    np.testing.assert_allclose(crps(draws, np.full(draws.shape[1], truth)), expected, atol=1e-9)


def test_by_hand() -> None:
    """Draws 0 and 2, truth 1: both are off by 1, and half their distance is 1."""
    np.testing.assert_allclose(crps(np.array([[0.0], [2.0]]), np.array([1.0])), [0.0])


def test_of_many_normal_draws_it_is_the_known_score_of_the_normal_distribution() -> None:
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000)[:, None]
    truth = np.array([0.7])
    known = truth * (2 * norm.cdf(truth) - 1) + 2 * norm.pdf(truth) - 1 / np.sqrt(np.pi)

    np.testing.assert_allclose(crps(draws, truth), known, atol=1e-3)


def test_how_many_draws_there_are_does_not_matter_on_average() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=40_000)
    few, many = (crps(random.normal(size=(n, len(truth))), truth).mean() for n in (3, 20))

    assert abs(few - many) < 0.01


def test_unknown_draws_and_truths_have_no_score() -> None:
    draws = np.array([[0.0, np.nan, 1.0], [1.0, 1.0, 2.0]])

    assert np.isnan(crps(draws, np.array([0.5, 0.5, np.nan]))).tolist() == [False, True, True]


def test_the_next_of_exchangeable_draws_is_within_the_range_nine_times_of_ten() -> None:
    drawn = np.random.default_rng(1).normal(size=(26, 50_000))
    low, high = inner_range(drawn[1:])

    assert abs(((low <= drawn[0]) & (drawn[0] <= high)).mean() - 0.9) < 0.01
