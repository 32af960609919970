"""Scores of chances against replicated pixels, scikit-learn and numbers worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels
from scipy.special import expit
from sklearn.metrics import log_loss

from entropice.imagery.pixel_scores import (
    at_threshold,
    calibration_error,
    log_score,
    log_skill,
    predicted_over_observed,
    predicted_over_observed_at_the_top,
)
from entropice.imagery.score_steps import steps_of


@given(seed=st.integers(0, 1000), ratio=st.sampled_from([1, 20, 500]))
@settings(max_examples=20)
def test_the_log_score_is_that_of_weighted_pixels(seed, ratio):
    logits, is_positive = gaussian_pixels(seed, 300, 0.2)
    weights = np.where(is_positive, 1 / is_positive.sum(), ratio / (~is_positive).sum())
    expected = log_loss(is_positive, expit(logits), sample_weight=weights)
    assert log_score(steps_of(logits, is_positive), ratio) == pytest.approx(expected)


def test_the_prevalence_alone_has_no_skill_and_no_error():
    steps = steps_of(np.full(50, -np.log(200.0)), np.arange(50) < 5)
    assert log_skill(steps, 200) == pytest.approx(0, abs=1e-12)
    assert predicted_over_observed(steps, 200) == pytest.approx(1)
    assert predicted_over_observed_at_the_top(steps, 200) == pytest.approx(1)
    assert calibration_error(steps, 200) == pytest.approx(0, abs=1e-15)


def test_right_chances_have_skill_and_boldness_costs_it():
    logits, is_positive = gaussian_pixels(5, 100_000, 0.1)
    right, bold = (log_skill(steps_of(factor * logits, is_positive), 9) for factor in (1, 3))
    assert 0 < right < 1
    assert bold < right


def test_tenths_are_those_of_sorted_pixels():
    """20 pixels at their own ratio: each tenth holds two."""
    random = np.random.default_rng(6)
    logits, is_positive = random.normal(size=20), np.arange(20) % 4 == 0
    order = np.argsort(-logits)
    chance, truth = expit(logits[order]).reshape(10, 2), is_positive[order].reshape(10, 2)
    steps = steps_of(logits, is_positive)
    assert calibration_error(steps, 3) == pytest.approx(np.abs((chance - truth).mean(axis=1)).mean())
    top = steps_of(logits + 5 * is_positive, is_positive)
    assert predicted_over_observed_at_the_top(top, 3) == pytest.approx(
        expit(np.sort(logits + 5 * is_positive)[-2:]).sum() / 2
    )


def test_a_threshold_gives_the_numbers_worked_by_hand():
    """At 2 and above: one of two positives, one of three negatives, which weighs 10 * 2 / 3."""
    steps = steps_of(np.array([3.0, 2.0, 1.0, 0.0, -1.0]), np.array([True, False, True, False, False]))
    chosen = at_threshold(steps, 10, 2.0)
    wrong = 20 / 3
    assert chosen.precision[0] == pytest.approx(1 / (1 + wrong))
    assert chosen.recall[0] == pytest.approx(0.5)
    assert chosen.iou[0] == pytest.approx(1 / (2 + wrong))
    assert chosen.f_half[0] == pytest.approx(1.25 / (1.25 + wrong + 0.25))


def test_a_threshold_above_all_chooses_nothing():
    chosen = at_threshold(steps_of(np.array([1.0, 0.0]), np.array([True, False])), 10, 2.0)
    assert np.isnan(chosen.precision[0])
    assert (chosen.recall[0], chosen.iou[0], chosen.f_half[0]) == (0, 0, 0)
