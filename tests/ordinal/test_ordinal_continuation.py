"""Continuation ratios: stages of classes, and classes of stages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from entropice.ordinal.continuation import class_probabilities, stages_of

logits = st.lists(st.tuples(*[st.floats(-800, 800)] * 3), min_size=1, max_size=5).map(np.array)


def test_stages_by_hand():
    stages = stages_of(np.array([0, 1, 2, 2]), np.array([1.0, 2.0, 1.0, 3.0]), 3)
    assert stages.outcomes.tolist() == [[0, 0], [1, 0], [1, 1], [1, 1]]
    assert stages.weights.tolist() == [[1, 0], [2, 2], [1, 1], [3, 3]]


def test_probabilities_by_hand():
    """P(any) 0.5, a quarter of those of class 2, so 0.5, 0.375, 0.125."""
    assert class_probabilities(logit([[0.5, 0.25]])) == pytest.approx(np.array([[0.5, 0.375, 0.125]]))


@given(logits)
def test_rows_sum_to_1_and_the_first_stage_is_any(values):
    probabilities = class_probabilities(values)
    assert (probabilities >= 0).all()
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(values)), abs=1e-12)
    assert probabilities[:, 1:].sum(axis=1) == pytest.approx(expit(values[:, 0]), abs=1e-12)


@given(st.permutations([0, 0, 1, 1, 2, 3]), st.integers(2, 4))
def test_the_log_likelihood_is_the_sum_over_stages(codes, n_columns):
    codes = np.array(codes)
    values = np.random.default_rng(n_columns).normal(size=(6, 3))
    stages = stages_of(codes, np.ones(6), 4)
    by_stage = stages.weights * np.where(stages.outcomes == 1, np.log(expit(values)), np.log(expit(-values)))
    by_class = np.log(class_probabilities(values)[np.arange(6), codes])
    assert by_stage.sum(axis=1) == pytest.approx(by_class)
