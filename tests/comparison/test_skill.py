import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from entropice.comparison.agreement import agreement_table
from entropice.comparison.skill import UnitForecast, deviance_skill, draws_of_blocks, spearman

N = 200


def forecast(values: np.ndarray, truth: np.ndarray) -> UnitForecast:
    return UnitForecast(values, np.full(len(truth), truth.mean()), truth, np.ones(len(truth)))


@given(st.floats(0.2, 5.0).filter(lambda factor: abs(factor - 1) > 0.05))
def test_no_multiple_of_the_expected_density_scores_better_than_itself(factor: float) -> None:
    random = np.random.default_rng(0)
    expected = random.lognormal(size=20_000)
    truth = random.poisson(expected).astype(float)
    rows = np.arange(len(truth))
    assert deviance_skill(forecast(expected, truth), rows) > deviance_skill(forecast(factor * expected, truth), rows)


def test_the_reference_has_no_skill_and_the_truth_has_all() -> None:
    truth = np.random.default_rng(1).gamma(0.5, size=N)
    rows = np.arange(N)
    assert deviance_skill(forecast(np.full(N, truth.mean()), truth), rows) == pytest.approx(0.0)
    assert deviance_skill(forecast(truth, truth), rows) == pytest.approx(1.0)


def test_a_density_of_zero_where_there_are_slumps_is_bad_and_finite() -> None:
    skill = deviance_skill(forecast(np.zeros(N), np.ones(N) + np.arange(N)), np.arange(N))
    assert np.isfinite(skill)
    assert skill < 0


@given(st.lists(st.integers(0, 5), min_size=3, max_size=30))
def test_rank_correlation_is_that_of_scipy(values: list[int]) -> None:
    one, other = np.array(values, dtype=float), np.arange(len(values), dtype=float) % 4
    if len(set(values)) > 1 and len(set(other)) > 1:
        assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)
    else:
        assert np.isnan(spearman(one, other))


def test_maps_that_share_no_known_unit_have_no_agreement_and_warn_of_nothing() -> None:
    one, other = np.array([0.1, np.nan]), np.array([np.nan, 0.2])
    table = agreement_table({"one": {("p_any_rts", 2020): one}, "other": {("p_any_rts", 2020): other}})

    assert table["n_units"].tolist() == [0]
    assert table[["rank_correlation", "mean_absolute_difference"]].isna().all(axis=None)


def test_blocks_are_drawn_whole() -> None:
    blocks = np.repeat(np.arange(5), 4)
    for draw in draws_of_blocks(blocks, 0, 20):
        assert _spans(draw).max() == 0
    assert draws_of_blocks(np.zeros(4, dtype=int), 0, 20) == []


def _spans(draw: np.ndarray) -> np.ndarray:
    """How unlike the members of a block are in how often they were drawn."""
    return np.ptp(np.bincount(draw, minlength=20).reshape(5, 4), axis=1)
