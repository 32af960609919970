"""Histograms of scores: exact counts, merged in any order, and how far they lie from the exact scores."""

import numpy as np
import pytest
from pixel_problems import gaussian_pixels

from entropice.errors import SchemaError
from entropice.imagery.pixel_scores import at_threshold, log_score
from entropice.imagery.prevalence import average_precision, average_precision_bounds, precision_at_recall
from entropice.imagery.score_histograms import BIN_LOGIT, N_BINS, score_counts, steps_of_counts
from entropice.imagery.score_steps import steps_of

RATIOS = (200, 500, 1000)


def everywhere(values):
    return np.ones(np.shape(values), dtype=bool)


def test_parts_add_up_to_the_whole_in_any_order():
    logits, is_positive = gaussian_pixels(1, 300_001, 0.01)
    whole = score_counts(logits, is_positive, everywhere(logits))
    pieces = np.array_split(np.random.default_rng(0).permutation(len(logits)), 7)
    parts = [score_counts(logits[piece], is_positive[piece], everywhere(piece)) for piece in pieces]
    assert whole.dtype == np.int64
    np.testing.assert_array_equal(whole, sum(parts[::-1]))
    np.testing.assert_array_equal(whole.sum(axis=1), [(~is_positive).sum(), is_positive.sum()])


def test_bins_are_as_wide_as_said_and_rise_with_the_logit():
    logits = np.array([-np.inf, -16.0, -BIN_LOGIT / 2, 0.0, BIN_LOGIT, 15.999, np.inf], dtype=np.float32)
    bins = [score_counts(logits[i : i + 1], np.array([True]), np.array([True]))[1].argmax() for i in range(7)]
    assert bins == [0, 0, N_BINS // 2 - 1, N_BINS // 2, N_BINS // 2 + 1, N_BINS - 1, N_BINS - 1]


@pytest.mark.parametrize("ratio", RATIOS)
def test_scores_lie_within_the_stated_error_of_the_exact_ones(ratio):
    logits, is_positive = gaussian_pixels(2, 200_000, 0.01)
    exact = steps_of(logits, is_positive)
    binned = steps_of_counts(score_counts(logits, is_positive, everywhere(logits)))
    low, high = average_precision_bounds(binned, ratio)
    assert low <= average_precision(exact, ratio) <= high
    assert average_precision(binned, ratio) == pytest.approx(average_precision(exact, ratio), rel=0.01)
    assert precision_at_recall(binned, ratio, 0.5) == pytest.approx(precision_at_recall(exact, ratio, 0.5), rel=0.02)
    for name in ("precision", "recall", "iou", "f_half"):
        found, expected = (getattr(at_threshold(steps, ratio, -2.0), name) for steps in (binned, exact))
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    moved = [
        steps.__class__(steps.logits - np.log(ratio / 99), steps.thresholds, steps.counts) for steps in (binned, exact)
    ]
    mean_error = 2 / (1 + ratio)
    assert log_score(moved[0], ratio) == pytest.approx(log_score(moved[1], ratio), abs=BIN_LOGIT / 2 * mean_error)


def test_pixels_that_are_not_scored_count_nowhere_and_may_be_unknown():
    logits = np.array([[0.5, np.nan], [-1.0, 2.0]], dtype=np.float32)
    is_scored = np.array([[True, False], [True, False]])
    assert score_counts(logits, np.ones((2, 2), dtype=np.uint8), is_scored).sum(axis=1).tolist() == [0, 2]


def test_a_scored_pixel_without_logit_is_refused():
    with pytest.raises(SchemaError, match="no logit"):
        score_counts(np.array([0.0, np.nan]), np.array([True, False]), np.array([True, True]))


def test_truth_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(SchemaError, match="neither yes nor no"):
        score_counts(np.zeros(2), np.array([0, 255], dtype=np.uint8), np.ones(2, dtype=bool))


def test_another_shape_is_refused():
    with pytest.raises(SchemaError, match="shape"):
        score_counts(np.zeros(3), np.zeros(3, dtype=bool), np.ones(2, dtype=bool))
    with pytest.raises(SchemaError, match="shape"):
        score_counts(np.zeros(3), np.zeros(4, dtype=bool)[:2], np.ones(3, dtype=bool))


def test_leading_dimensions_are_blocks():
    logits, is_positive = gaussian_pixels(3, 4000, 0.1)
    blocks = np.stack(
        [
            score_counts(*pair, everywhere(pair[0]))
            for pair in zip(np.split(logits, 4), np.split(is_positive, 4), strict=True)
        ]
    )
    steps = steps_of_counts(blocks)
    pooled = steps_of_counts(blocks.sum(axis=0))
    assert average_precision(steps, 20).shape == (4,)
    assert average_precision(steps.pooled(), 20) == average_precision(pooled, 20)
