"""What is known of features and classes before the first sweep, against plain NumPy on the rows that weigh."""

import numpy as np
import pytest
from espa_problems import evidence_of, small_table
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.moments import feature_moments
from entropice.espa.rows import CHUNK_ROWS, Rows


def weightings(seed, n_rows):
    random = np.random.default_rng(seed)
    weights = random.uniform(0.1, 2.0, (3, n_rows))
    weights[1] *= random.random(n_rows) < 0.5
    weights[:, 3:5] = 1.0
    return weights / weights.sum(axis=1, keepdims=True)


@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.3]), n_rows=st.sampled_from([20, CHUNK_ROWS + 30]))
@settings(max_examples=15)
def test_moments_are_those_of_the_observed_values_of_the_rows_that_weigh(seed, missing, n_rows):
    values, _ = small_table(seed, n_rows=n_rows, missing=missing)
    weights = weightings(seed, n_rows)
    values[weights[1] == 0, 0] *= 100
    moments = feature_moments(Rows(values, values.dtype), weights)
    for f, w in enumerate(weights):
        for d in range(values.shape[1]):
            seen = ~np.isnan(values[:, d]) & (w > 0)
            x, own = values[seen, d], w[seen]
            mean = np.average(x, weights=own)
            assert (moments.lowest[f, d], moments.highest[f, d]) == (x.min(), x.max())
            assert moments.observed[f, d] == pytest.approx(own.sum(), rel=1e-12)
            assert moments.means[f, d] == pytest.approx(mean, rel=1e-10)
            assert moments.squares[f, d] == pytest.approx((own * (x - mean) ** 2).sum(), rel=1e-10)
    assert moments.partial_columns.tolist() == np.flatnonzero(np.isnan(values).any(axis=0)).tolist()


def test_a_feature_varies_where_it_has_two_values_that_weigh():
    values = np.array([[1.0, 5.0, np.nan], [1.0, 6.0, 2.0], [3.0, 5.0, 2.0]])
    moments = feature_moments(Rows(values, values.dtype), np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]))
    assert moments.varies.tolist() == [[False, True, False], [True, True, False]]
    assert moments.squares[0, [0, 2]].tolist() == [0.0, 0.0]


def test_a_constant_feature_has_no_spread_whatever_its_value():
    for value in (0.1, 273.15, 7.3e6, -1e-30):
        for dtype in (np.float32, np.float64):
            values = np.full((3000, 1), value, dtype=dtype)
            assert not feature_moments(Rows(values, values.dtype), np.full((1, 3000), 1 / 3000)).varies.any()


def test_label_ratios_make_the_label_weights_sum_to_one():
    """Classes 0, 0, 0, 1 with weights 1, 1, 2, 1: shares .8 and .2. Balanced, ratios are 1/2 / .8 and 1/2 / .2; with
    factors 1 and 3, they are 1 / 1.4 and 3 / 1.4."""
    X, y, weights = np.arange(8.0).reshape(4, 2), np.array([0, 0, 0, 1]), np.array([[1.0, 1.0, 2.0, 1.0]])
    evidence = evidence_of(X, y, weights)
    assert evidence.class_shares == pytest.approx(np.array([[0.8, 0.2]]))
    assert evidence.label_ratios(None) == pytest.approx(np.array([[1.0, 1.0]]))
    assert evidence.label_ratios("balanced") == pytest.approx(np.array([[0.625, 2.5]]))
    assert evidence.label_ratios({1: 3.0}) == pytest.approx(np.array([[1 / 1.4, 3 / 1.4]]))


def test_a_weighting_without_a_class_balances_those_it_has():
    X, y = np.arange(8.0).reshape(4, 2), np.array(["a", "b", "b", "c"])
    weights = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0]])
    evidence = evidence_of(X, y, weights)
    assert evidence.classes.tolist() == ["a", "b", "c"]
    assert evidence.class_shares[1] == pytest.approx([1 / 3, 2 / 3, 0])
    assert evidence.label_ratios("balanced")[1] == pytest.approx([1.5, 0.75, 0.0])
