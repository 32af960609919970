"""What is known of features and classes under each weighting, against plain NumPy on the rows that weigh."""

import numpy as np
import pytest
from espa_problems import small_table, training_data_of
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.data.rows import CHUNK_ROWS, Rows
from entropice.espa.data.training_data import feature_statistics


def weightings(seed, n_rows):
    random = np.random.default_rng(seed)
    weights = random.uniform(0.1, 2.0, (3, n_rows))
    weights[1] *= random.random(n_rows) < 0.5
    weights[:, 3:5] = 1.0
    return weights / weights.sum(axis=1, keepdims=True)


@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.3]), n_rows=st.sampled_from([20, CHUNK_ROWS + 30]))
@settings(max_examples=15)
def test_statistics_are_those_of_the_observed_values_of_the_rows_that_weigh(seed, missing, n_rows):
    values, _ = small_table(seed, n_rows=n_rows, missing=missing)
    weights = weightings(seed, n_rows)
    values[weights[1] == 0, 0] *= 100
    statistics = feature_statistics(Rows(values, values.dtype), weights)
    for f, w in enumerate(weights):
        for d in range(values.shape[1]):
            seen = ~np.isnan(values[:, d]) & (w > 0)
            x, own = values[seen, d], w[seen]
            mean = np.average(x, weights=own)
            assert (statistics.lowest[f, d], statistics.highest[f, d]) == (x.min(), x.max())
            assert statistics.observed[f, d] == pytest.approx(own.sum(), rel=1e-12)
            assert statistics.means[f, d] == pytest.approx(mean, rel=1e-10)
            assert statistics.squares[f, d] == pytest.approx((own * (x - mean) ** 2).sum(), rel=1e-10)
    assert statistics.partial_columns.tolist() == np.flatnonzero(np.isnan(values).any(axis=0)).tolist()


def test_a_feature_varies_where_it_has_two_values_that_weigh():
    values = np.array([[1.0, 5.0, np.nan], [1.0, 6.0, 2.0], [3.0, 5.0, 2.0]])
    statistics = feature_statistics(Rows(values, values.dtype), np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]))
    assert statistics.varies.tolist() == [[False, True, False], [True, True, False]]
    assert statistics.squares[0, [0, 2]].tolist() == [0.0, 0.0]


def test_a_constant_feature_has_no_spread_whatever_its_value():
    for value in (0.1, 273.15, 7.3e6, -1e-30):
        for dtype in (np.float32, np.float64):
            values = np.full((3000, 1), value, dtype=dtype)
            assert not feature_statistics(Rows(values, values.dtype), np.full((1, 3000), 1 / 3000)).varies.any()


def test_a_class_weighs_what_its_rows_weigh_under_each_weighting():
    X, y = np.arange(8.0).reshape(4, 2), np.array(["a", "b", "b", "c"])
    data = training_data_of(X, y, np.array([[1.0, 1.0, 2.0, 1.0], [1.0, 1.0, 1.0, 0.0]]))
    assert data.classes.tolist() == ["a", "b", "c"]
    assert data.class_shares == pytest.approx(np.array([[0.2, 0.6, 0.2], [1 / 3, 2 / 3, 0]]))
