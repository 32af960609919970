"""Block bootstraps against that of `arch`: its draws, its intervals, and how far ours vary by themselves.

Blocks of ground are drawn whole and independently of each other: an i.i.d. bootstrap whose rows are blocks.
"""

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import IIDBootstrap
from forecast_problems import forecast_of
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.imagery.block_bootstrap import bootstrap, paired_difference
from entropice.learning.doubts.regions import regional_calibration
from entropice.learning.scores import SCORES
from entropice.learning.scores.interval import interval
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.table import block_replicates

N_DRAWS = 200
few = settings(max_examples=5, deadline=None)


def f1(counts: np.ndarray) -> np.ndarray:
    """Of objects found, wrong and missed (…, 3)."""
    found, wrong, missed = np.moveaxis(counts, -1, 0)
    return 2 * found / (2 * found + wrong + missed)


def objects(seed: int, n_blocks: int) -> np.ndarray:
    """Counts (n_block, 3) of blocks of very different size."""
    random = np.random.default_rng(seed)
    return random.poisson(random.gamma(1, 10, (n_blocks, 1)) * (0.6, 0.2, 0.3)) + 1


def their_draws(n_blocks: int, seed: int) -> np.ndarray:
    """Multiplicities (n_draw, n_block) of the draws that `arch` makes with a seed."""
    drawn = IIDBootstrap(np.arange(n_blocks), seed=seed).bootstrap(N_DRAWS)
    return np.array([np.bincount(blocks, minlength=n_blocks) for (blocks,), _ in drawn]).astype(float)


def their_interval(score, *data: np.ndarray, seed: int, method: str) -> np.ndarray:
    return IIDBootstrap(*data, seed=seed).conf_int(score, N_DRAWS, method=method, size=0.95).ravel()


@given(seed=st.integers(0, 1000), n_blocks=st.integers(3, 40))
@few
def test_the_interval_of_a_score_of_counts(seed, n_blocks):
    counts = objects(seed, n_blocks)
    found = bootstrap(f1, counts, their_draws(n_blocks, seed))
    theirs = their_interval(lambda drawn: f1(drawn.sum(axis=0)), counts, seed=seed, method="percentile")
    np.testing.assert_allclose([found.low_95, found.high_95], theirs, rtol=1e-12)


@given(seed=st.integers(0, 1000), n_blocks=st.integers(3, 40))
@few
def test_the_interval_of_a_paired_difference(seed, n_blocks):
    first, second = objects(seed, n_blocks), objects(seed + 1, n_blocks)
    found = paired_difference(f1, first, f1, second, their_draws(n_blocks, seed))
    theirs = their_interval(
        lambda one, other: f1(one.sum(axis=0)) - f1(other.sum(axis=0)), first, second, seed=seed, method="percentile"
    )
    np.testing.assert_allclose([found.low_95, found.high_95], theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "method"), [("auc", "percentile"), ("brier_skill", "percentile"), ("ece", "basic")])
def test_the_interval_of_a_score_of_cells(name, method):
    """An ECE's interval is the reflected one, and cut where an ECE cannot be: `arch` lets it go below 0."""
    random = np.random.default_rng(3)
    chance, block = random.integers(1, 50, 300) / 50, random.integers(0, 20, 300)
    forecast = forecast_of(chance, random.random(300) < chance, block)
    score = SCORES[name]

    def of_rows(blocks: np.ndarray) -> float:
        weights = np.bincount(blocks, minlength=20).astype(float)[None]
        return float(score.values(Resampled(forecast, weights))[0])

    replicates = score.values(Resampled(forecast, their_draws(20, 5)))
    found = interval(score, of_rows(np.arange(20)), replicates, width=1.0)
    theirs = their_interval(of_rows, np.arange(20), seed=5, method=method)
    np.testing.assert_allclose(found, theirs.clip(*score.range), rtol=1e-12)


def same_but_for_noise(ours: tuple[float, float], theirs: np.ndarray) -> None:
    """Ends within 4 % of the width, half of what makes a 95 % interval a 90 % one; 4000 draws err by 1 % each."""
    assert np.abs(np.subtract(ours, theirs)).max() < 0.04 * (theirs[1] - theirs[0])


def test_our_own_draws_give_the_same_interval():
    counts = objects(11, 25)
    ours = bootstrap(f1, counts, block_replicates(25, 0, 4000))
    theirs = IIDBootstrap(counts, seed=1).conf_int(lambda drawn: f1(drawn.sum(axis=0)), 4000, method="percentile")
    same_but_for_noise((ours.low_95, ours.high_95), theirs.ravel())


def test_the_interval_of_a_regions_bias():
    """A ratio of sums, drawn together: `arch` draws lists of blocks with their sums and sizes."""
    random = np.random.default_rng(4)
    block = np.sort(random.integers(0, 30, 900))
    p_any = random.beta(1, 4, 900)
    told = pd.DataFrame({"region": "all", "block": block, "p_any": p_any, "is_positive": random.random(900) < 0.2})
    (ours,) = regional_calibration(told, random_seed=0, n_replicates=4000).itertuples()
    sums = told.assign(gap=p_any - told["is_positive"]).groupby("block")["gap"].agg(["sum", "size"]).to_numpy()
    drawn = IIDBootstrap(sums, seed=2)
    theirs = drawn.conf_int(lambda rows: rows[:, 0].sum() / rows[:, 1].sum(), 4000, method="percentile")
    same_but_for_noise((ours.low_95, ours.high_95), theirs.ravel())
