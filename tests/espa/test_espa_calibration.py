"""Temperature: what it recovers, and what it must not change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.calibration import fit_temperature, tempered

temperatures = st.floats(0.2, 5.0)
seeds = st.integers(0, 10_000)


def shares(seed, n_rows=40, n_classes=3):
    """Probabilities of 0.02 and more."""
    drawn = np.random.default_rng(seed).dirichlet(np.ones(n_classes), n_rows)
    return 0.02 + (1 - 0.02 * n_classes) * drawn


def in_proportion(probabilities):
    """Each row once for every class, weighted by its probability: rows, classes, weights."""
    n_rows, n_classes = probabilities.shape
    return np.repeat(np.arange(n_rows), n_classes), np.tile(np.arange(n_classes), n_rows), probabilities.ravel()


def log_loss(probabilities, codes, weights):
    return -(weights * np.log(probabilities[np.arange(len(codes)), codes])).sum() / weights.sum()


def test_temperatures_worked_by_hand():
    probabilities = np.array([[0.8, 0.2], [0.5, 0.5]])
    assert tempered(probabilities, 2.0) == pytest.approx(np.array([[2 / 3, 1 / 3], [0.5, 0.5]]))
    assert tempered(probabilities, 0.5) == pytest.approx(np.array([[16 / 17, 1 / 17], [0.5, 0.5]]))


@settings(max_examples=25)
@given(seed=seeds)
def test_temperature_one_changes_nothing(seed):
    probabilities = shares(seed)
    assert tempered(probabilities, 1.0) == pytest.approx(probabilities, rel=1e-14)


@settings(max_examples=25)
@given(seed=seeds, first=temperatures, second=temperatures)
def test_temperatures_multiply_keep_the_order_and_the_sum(seed, first, second):
    probabilities = shares(seed)
    twice = tempered(tempered(probabilities, first), second)
    assert twice == pytest.approx(tempered(probabilities, first * second), abs=1e-10)
    assert twice.sum(axis=1) == pytest.approx(np.ones(len(probabilities)))
    assert (np.diff(np.take_along_axis(twice, probabilities.argsort(axis=1), axis=1)) >= -1e-15).all()


@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_impossible_and_certain_classes_stay_finite(temperature):
    softened = tempered(np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]), temperature)
    assert np.isfinite(softened).all()
    assert softened.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert softened.argmax(axis=1).tolist() == [0, 1]


@settings(max_examples=25)
@given(seed=seeds, temperature=temperatures)
def test_a_known_temperature_is_recovered(seed, temperature):
    """Labels in the very proportions of the true probabilities: the log loss is lowest exactly at these."""
    truth = shares(seed)
    rows, codes, weights = in_proportion(truth)
    too_sharp_or_soft = tempered(truth, 1 / temperature)
    assert fit_temperature(too_sharp_or_soft[rows], codes, weights) == pytest.approx(temperature, rel=1e-3)


@settings(max_examples=25)
@given(seed=seeds, factor=st.floats(1e-6, 1e6))
def test_only_the_proportions_of_the_weights_matter(seed, factor):
    random = np.random.default_rng(seed)
    probabilities, codes, weights = shares(seed), random.integers(0, 3, 40), random.exponential(size=40)
    found = fit_temperature(probabilities, codes, weights)
    assert fit_temperature(probabilities, codes, weights * factor) == pytest.approx(found, rel=1e-4)


@settings(max_examples=25)
@given(seed=seeds)
def test_a_weight_is_a_repeated_row_and_zero_is_absence(seed):
    random = np.random.default_rng(seed)
    probabilities, codes, counts = shares(seed), random.integers(0, 3, 40), random.integers(0, 3, 40)
    rows = np.repeat(np.arange(40), counts)
    repeated = fit_temperature(probabilities[rows], codes[rows], np.ones(len(rows)))
    assert fit_temperature(probabilities, codes, counts.astype(float)) == pytest.approx(repeated, rel=1e-4)


@settings(max_examples=25)
@given(seed=seeds)
def test_no_other_temperature_of_the_range_has_a_lower_loss(seed):
    """To the precision of the search, which stops just short of the ends of its range."""
    random = np.random.default_rng(seed)
    probabilities, codes, weights = shares(seed), random.integers(0, 3, 40), random.exponential(size=40)
    best = log_loss(tempered(probabilities, fit_temperature(probabilities, codes, weights)), codes, weights)
    others = [log_loss(tempered(probabilities, t), codes, weights) for t in np.exp(np.linspace(-3, 3, 61))]
    assert best <= min(others) + 1e-6


def test_held_out_rows_that_were_all_foreseen_sharpen_and_misses_soften():
    sure = np.tile([0.9, 0.1], (20, 1))
    assert fit_temperature(sure, np.zeros(20, int), np.ones(20)) < 0.1
    assert fit_temperature(sure, np.arange(20) % 2, np.ones(20)) > 10
