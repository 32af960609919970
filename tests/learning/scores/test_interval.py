"""Intervals of scores: as wide as refits ask for, inside what a score can be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.learning.scores.interval import interval, width_of_blocks, width_of_refits
from entropice.learning.scores.registry import SCORES

REPLICATES = np.linspace(0.5, 0.7, 1001)
"""Central 95 %: 0.505 to 0.695."""


def test_five_folds_ask_for_one_and_a_half_times_the_width_of_the_bootstrap():
    assert width_of_refits(5) == pytest.approx(1.5)
    assert width_of_refits(1) == width_of_blocks(5) == 1.0
    assert interval(SCORES["auc"], 0.6, REPLICATES, 1.5) == pytest.approx((0.4575, 0.7425))


def test_a_score_that_grows_when_resampled_has_its_interval_on_the_other_side():
    assert interval(SCORES["ece"], 0.55, REPLICATES, 1.0) == pytest.approx((0.405, 0.595))


def test_without_a_defined_replicate_there_is_no_interval():
    assert all(map(math.isnan, interval(SCORES["auc"], 0.6, np.array([np.nan]), 1.5)))


@given(st.sampled_from(sorted(SCORES)), st.floats(0.0, 1.0), st.integers(2, 20))
def test_an_interval_stays_within_the_range_and_shrinks_towards_that_of_many_folds(name, value, n_folds):
    score, replicates = SCORES[name], value + np.linspace(-0.4, 0.4, 201)
    low, high = interval(score, value, replicates, width_of_refits(n_folds))
    assert score.range[0] <= low <= high <= score.range[1]
    assert math.sqrt(2) < width_of_refits(n_folds + 1) < width_of_refits(n_folds)
