"""Intervals over blocks, and differences of two models over the same blocks."""

import numpy as np
import pytest
from pixel_problems import gaussian_pixels

from entropice.errors import SchemaError
from entropice.imagery.block_bootstrap import bootstrap, paired_difference
from entropice.imagery.prevalence import average_precision
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.learning.scores.table import block_replicates


def share(counts):
    return counts[..., 0] / counts.sum(axis=-1)


def pr_auc(counts):
    return average_precision(steps_of_counts(counts), 200)


def histograms(seed, n_blocks, distance):
    pixels = [gaussian_pixels([seed, block], 3000, 0.03, distance) for block in range(n_blocks)]
    return np.stack([score_counts(z, y, np.ones(len(z), dtype=bool)) for z, y in pixels])


def test_a_replicate_is_the_score_of_blocks_repeated():
    counts = histograms(0, 5, 2.0)
    weights = np.array([[2.0, 0, 1, 1, 1], [1, 1, 1, 1, 1]])
    repeated = counts[[0, 0, 2, 3, 4]].sum(axis=0)
    estimate = bootstrap(pr_auc, counts, weights)
    assert estimate.mean == pytest.approx((pr_auc(repeated) + pr_auc(counts.sum(axis=0))) / 2, rel=1e-12)
    assert estimate.value == pytest.approx(pr_auc(counts.sum(axis=0)), rel=1e-12)


def test_intervals_cover_as_often_as_they_say():
    covered = 0
    for trial in range(200):
        random = np.random.default_rng([trial, 3])
        chance = random.beta(6, 14, 60)
        found = random.binomial(40, chance)
        estimate = bootstrap(share, np.stack([found, 40 - found], axis=1), block_replicates(60, trial, 300))
        covered += estimate.low_95 <= 0.3 <= estimate.high_95
    assert 0.89 <= covered / 200 <= 0.99


def test_a_paired_difference_is_narrower_than_that_of_strangers():
    """Both models share what makes a block hard."""
    random = np.random.default_rng(5)
    hard = random.beta(2, 2, 40)
    first, second = (random.binomial(200, np.clip(hard + lift, 0, 1)) for lift in (0.05, 0.0))
    counts = [np.stack([found, 200 - found], axis=1) for found in (first, second)]
    weights = block_replicates(40, 1, 500)
    paired = paired_difference(share, counts[0], share, counts[1], weights)
    alone = [bootstrap(share, each, weights) for each in counts]
    assert paired.value == pytest.approx(alone[0].value - alone[1].value)
    assert 0 < paired.low_95 < paired.value < paired.high_95
    assert paired.high_95 - paired.low_95 < 0.5 * (alone[0].high_95 - alone[0].low_95)


def test_the_same_model_does_not_differ_from_itself():
    counts = histograms(1, 4, 1.0)
    estimate = paired_difference(pr_auc, counts, pr_auc, counts, block_replicates(4, 0, 50))
    assert (estimate.value, estimate.low_95, estimate.high_95) == (0, 0, 0)


def test_replicates_without_a_score_are_counted():
    counts = np.array([[0.0, 0.0], [1.0, 1.0]])
    weights = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])

    def score(counts):
        n = counts.sum(axis=-1)
        return np.divide(counts[..., 0], n, out=np.full(n.shape, np.nan), where=n > 0)

    estimate = bootstrap(score, counts, weights)
    assert (estimate.mean, estimate.n_undefined, estimate.n_blocks) == (0.5, 1, 2)


def test_one_block_alone_has_no_interval():
    estimate = bootstrap(share, np.array([[1, 3]]), block_replicates(1, 0, 100))
    assert estimate.value == 0.25
    assert np.isnan([estimate.mean, estimate.low_95, estimate.high_95]).all()


def test_other_blocks_are_refused():
    with pytest.raises(SchemaError):
        bootstrap(share, np.ones((3, 2)), np.ones((10, 4)))
    with pytest.raises(SchemaError):
        paired_difference(share, np.ones((3, 2)), share, np.ones((4, 2)), np.ones((10, 3)))
