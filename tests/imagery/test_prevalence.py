"""Scores at a stated prevalence against replicated negatives, scikit-learn and numbers worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels
from sklearn.metrics import average_precision_score, fbeta_score, jaccard_score

from entropice.errors import LabelError
from entropice.imagery.prevalence import (
    average_precision,
    average_precision_bounds,
    curve_at,
    precision_at_recall,
)
from entropice.imagery.score_steps import steps_of


@pytest.mark.parametrize("ratio", [200, 500, 1000])
@pytest.mark.parametrize("n_values", [7, 10**9])
def test_weighting_equals_replicated_negatives(ratio, n_values):
    """With 40 positives and 100 negatives each negative stands for 2 r / 5."""
    random = np.random.default_rng([ratio, n_values % 1000])
    is_positive = np.arange(140) < 40
    logits = random.integers(0, n_values, 140) / n_values + 0.3 * is_positive
    replicated = np.repeat(np.arange(140), np.where(is_positive, 1, 2 * ratio // 5))
    steps = steps_of(logits, is_positive)
    repeated = steps_of(logits[replicated], is_positive[replicated])
    expected = average_precision_score(is_positive[replicated], logits[replicated])
    assert average_precision(steps, ratio) == pytest.approx(expected, rel=1e-12, abs=0)
    assert average_precision(repeated, ratio) == pytest.approx(expected, rel=1e-12, abs=0)
    for recall in (0.2, 0.5, 0.9):
        assert precision_at_recall(steps, ratio, recall) == pytest.approx(
            precision_at_recall(repeated, ratio, recall), rel=1e-12
        )


@given(seed=st.integers(0, 10_000), ratio=st.sampled_from([1, 3, 50]))
@settings(max_examples=25)
def test_a_curve_holds_the_scores_of_every_threshold(seed, ratio):
    random = np.random.default_rng(seed)
    is_positive = np.arange(30) < 6
    logits = random.integers(-4, 5, 30) / 2
    weights = np.where(is_positive, 1.0, ratio * 6 / 24)
    curve = curve_at(steps_of(logits, is_positive), ratio)
    for step, threshold in enumerate(curve.thresholds):
        chosen = logits >= threshold
        assert curve.iou[step] == pytest.approx(jaccard_score(is_positive, chosen, sample_weight=weights))
        assert curve.f_half[step] == pytest.approx(
            fbeta_score(is_positive, chosen, beta=0.5, sample_weight=weights, zero_division=0)
        )


def test_scores_equal_the_numbers_worked_by_hand():
    """Yes, no, yes, no in the order of their logits; at 1 : 4 a negative weighs four positives."""
    steps = steps_of(np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, True, False]))
    curve = curve_at(steps, 4)
    np.testing.assert_allclose(curve.precision, [1, 1 / 5, 2 / 6, 2 / 10])
    np.testing.assert_allclose(curve.recall, [0.5, 0.5, 1, 1])
    np.testing.assert_allclose(curve.iou, [1 / 2, 1 / 6, 2 / 6, 2 / 10])
    assert average_precision(steps, 4) == pytest.approx((1 + 1 / 3) / 2)
    assert precision_at_recall(steps, 4, 0.5) == pytest.approx(1)
    assert precision_at_recall(steps, 4, 0.51) == pytest.approx(1 / 3)


@given(seed=st.integers(0, 1000))
@settings(max_examples=20)
def test_bounds_hold_whatever_the_order_within_a_step(seed):
    logits, is_positive = gaussian_pixels(seed, 400, 0.2)
    coarse = steps_of(np.floor(logits), is_positive)
    low, high = average_precision_bounds(coarse, 50)
    assert low <= average_precision(steps_of(logits, is_positive), 50) <= high
    assert low <= average_precision(coarse, 50) <= high


def test_no_ranking_beats_the_prevalence():
    steps = steps_of(np.zeros(100), np.arange(100) < 10)
    assert average_precision(steps, 199) == pytest.approx(1 / 200)


@pytest.mark.parametrize("is_positive", [np.zeros(5, dtype=bool), np.ones(5, dtype=bool)])
def test_a_ratio_that_cannot_be_reached_is_refused(is_positive):
    with pytest.raises(LabelError, match="cannot be reached"):
        average_precision(steps_of(np.arange(5.0), is_positive), 200)


def test_a_block_without_positives_has_no_score_while_others_have_one():
    steps = steps_of(np.array([2.0, 1.0, 0.0]), np.array([True, False, False]))
    blocks = steps.with_counts(np.stack([steps.counts, steps.counts * [[1], [0]]]))
    for score in (average_precision, lambda *given: precision_at_recall(*given, 0.5)):
        with_positives, without = score(blocks, 10)
        assert with_positives == 1
        assert np.isnan(without)


def test_a_block_without_negatives_has_no_precision_at_any_ratio():
    """Not 0: where there is nothing to be taken for a positive, nothing says how often it would be."""
    steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    steps = steps.with_counts(np.stack([steps.counts, [[0, 0, 0], [1, 1, 1]]]))
    for score in (average_precision(steps, 1), *average_precision_bounds(steps, 1), precision_at_recall(steps, 1, 0.5)):
        assert np.isnan(score).tolist() == [False, True]
