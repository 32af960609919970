"""Standardisation by hand, and weights as repeated rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.ordinal.standardised import standardise_on, weighted_medians

NAN = np.nan


def test_a_column_by_hand():
    """The unknown value is the median 2; mean 3, deviation 2, and 6 lies 1.5 deviations above, beyond the clip of 1."""
    rows = np.array([[1.0], [2.0], [NAN], [3.0], [7.0]])
    learned = standardise_on(rows, np.array([1.0, 1.0, 1.0, 2.0, 1.0]), 1.0, None, 5.0)
    assert learned.medians == pytest.approx([3.0])
    known = np.array([1.0, 2.0, 3.0, 3.0, 3.0, 7.0])
    assert learned.means == pytest.approx([known.mean()])
    assert learned.scales == pytest.approx([known.std()])
    z = np.clip((known - known.mean()) / known.std(), -1, 1)
    assert learned.apply(np.array([[7.0], [1e9], [NAN]])).ravel() == pytest.approx(
        [1 - z.mean(), 1 - z.mean(), (3 - known.mean()) / known.std() - z.mean()]
    )


def test_the_exposure_is_wide_and_has_no_limit():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    learned = standardise_on(rows, np.ones(50), 1.0, 1, 5.0)
    z = learned.apply(rows)
    assert z[:, 1].std() == pytest.approx(5.0)
    assert np.abs(z[:, 0]).max() < 2
    assert learned.apply(np.array([[0.0, 1e6]]))[0, 1] > 1e6


@pytest.mark.parametrize("value", [0.0, 0.1, -1e9, NAN])
def test_a_constant_or_unknown_column_is_0(value):
    rows = np.full((7, 1), value)
    assert standardise_on(rows, np.ones(7), 5.0, None, 5.0).apply(rows) == pytest.approx(np.zeros((7, 1)))


@given(
    arrays(np.float64, (6, 2), elements=st.one_of(st.just(NAN), st.integers(-3, 3).map(float))),
    arrays(np.int64, 6, elements=st.integers(1, 4)),
)
def test_an_integer_weight_is_a_repeated_row(rows, weights):
    repeated = np.repeat(rows, weights, axis=0)
    medians = [np.median(column[~np.isnan(column)]) if not np.isnan(column).all() else 0.0 for column in repeated.T]
    assert weighted_medians(rows, weights.astype(float)) == pytest.approx(np.array(medians))
    assert weighted_medians(repeated, np.ones(len(repeated))).tolist() == medians
    once = standardise_on(rows, weights.astype(float), 1.5, 1, 5.0)
    again = standardise_on(repeated, np.ones(len(repeated)), 1.5, 1, 5.0)
    for name, values in once.arrays().items():
        np.testing.assert_allclose(values, again.arrays()[name], atol=1e-9)
