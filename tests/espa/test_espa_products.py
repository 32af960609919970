"""Costs of rows in boxes are one product, whatever their number, and a row's do not depend on where it lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.compiled import buffers
from entropice.espa.products import SMALL_TILE, find_costs

WHOLE_BUFFER = 256


def costs_of(values, observed, codes, coefficients):
    """Costs (K, n) as a new array."""
    panel, costs = buffers(coefficients, WHOLE_BUFFER)
    find_costs(values, observed, codes, coefficients, panel, costs)
    return costs[:, : len(values)]


@settings(deadline=None)
@given(
    n_rows=st.integers(1, 100),
    n_features=st.integers(1, 40),
    n_partial=st.integers(0, 3),
    n_classes=st.integers(1, 4),
    n_tiles=st.integers(1, 5),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_costs_are_the_product_with_values_masks_and_indicators_of_classes(
    n_rows, n_features, n_partial, n_classes, n_tiles, dtype
):
    random = np.random.default_rng([n_rows, n_features])
    values = random.standard_normal((n_rows, n_features)).astype(dtype)
    observed = (random.random((n_rows, n_partial)) < 0.5).astype(dtype)
    codes = random.integers(0, n_classes, n_rows).astype(np.int32)
    n_terms = n_features + n_partial + n_classes
    coefficients = random.standard_normal((n_tiles * SMALL_TILE, n_terms)).astype(dtype)
    terms = np.concatenate([values, observed, np.eye(n_classes)[codes]], axis=1).astype(np.float64)
    expected = coefficients.astype(np.float64) @ terms.T
    # Each of the sum's roundings is at most half a step of the sum of magnitudes.
    bound = n_terms * np.finfo(dtype).eps * (np.abs(coefficients.astype(np.float64)) @ np.abs(terms).T)
    assert (np.abs(costs_of(values, observed, codes, coefficients) - expected) <= bound).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_features", [3, 16, 21])
def test_a_row_has_the_same_costs_wherever_it_lies(n_features, dtype):
    random = np.random.default_rng(0)
    values = random.standard_normal((70, n_features)).astype(dtype)
    observed, codes = np.empty((70, 0), dtype), np.zeros(70, np.int32)
    coefficients = random.standard_normal((12, n_features + 1)).astype(dtype)
    together = costs_of(values, observed, codes, coefficients)
    for row in range(70):
        some = slice(row, row + 1)
        alone = costs_of(values[some], observed[some], codes[some], coefficients)
        assert alone.tobytes() == np.ascontiguousarray(together[:, some]).tobytes()
