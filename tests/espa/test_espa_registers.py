"""Vector instructions give what loops in their order give: squares turned, and products summed feature by feature."""

import math

import numpy as np
import pytest
from numba import literally, njit
from numba.core.errors import TypingError

from entropice.espa.registers import PANEL_BYTES, TILE_BOXES, VECTOR_BYTES, multiply, transpose

N_FEATURES = 5


@njit
def turned(values, row, column, panel, feature, lane):
    transpose(values, row, column, panel, feature, lane)


@njit
def products(n_boxes, coefficients, first, panel, costs, column):
    literally(n_boxes)
    multiply(n_boxes, coefficients, first, panel, costs, column)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_square_is_turned_and_nothing_beside_it_is_touched(dtype: type) -> None:
    n = VECTOR_BYTES // np.dtype(dtype).itemsize
    values = np.random.default_rng(0).normal(size=(2 * n + 3, n + 4)).astype(dtype)
    panel = np.full((n + 2, 2 * n), np.nan, dtype)

    turned(values, 3, 2, panel, 1, n)

    np.testing.assert_array_equal(panel[1 : n + 1, n:], values[3 : n + 3, 2 : n + 2].T)
    assert np.isnan(panel[0]).all()
    assert np.isnan(panel[-1]).all()
    assert np.isnan(panel[:, :n]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_boxes", [1, 3, TILE_BOXES])
def test_products_are_sums_over_features_and_stand_where_they_shall(dtype: type, n_boxes: int) -> None:
    width = PANEL_BYTES // np.dtype(dtype).itemsize
    random = np.random.default_rng(1)
    coefficients, panel = (random.normal(size=(n, N_FEATURES)).astype(dtype) for n in (n_boxes + 2, width))
    panel = np.ascontiguousarray(panel.T)
    costs = np.full((n_boxes + 2, width + 3), np.nan, dtype)

    products(n_boxes, coefficients, 1, panel, costs, 2)

    exact = coefficients[1 : n_boxes + 1].astype(np.float64) @ panel.astype(np.float64)
    sizes = np.abs(coefficients[1 : n_boxes + 1].astype(np.float64)) @ np.abs(panel.astype(np.float64))
    bound = N_FEATURES * np.finfo(dtype).eps * sizes
    assert (np.abs(costs[1 : n_boxes + 1, 2 : width + 2] - exact) <= bound).all()
    assert np.isnan(costs).sum() == costs.size - n_boxes * width


def test_whole_numbers_have_exact_products() -> None:
    """Worked by hand: 2·3 + 1·4 = 10 in every lane of a box."""
    width = PANEL_BYTES // 8
    panel = np.repeat([[3.0], [4.0]], width, axis=1)
    costs = np.zeros((1, width))

    products(1, np.array([[2.0, 1.0]]), 0, panel, costs, 0)

    assert costs.tolist() == [[10.0] * width]
    assert math.log2(VECTOR_BYTES).is_integer()


def test_an_array_that_is_not_contiguous_is_refused() -> None:
    n = VECTOR_BYTES // 8
    with pytest.raises((TypingError, TypeError), match="expected a C-contiguous array"):
        turned(np.zeros((2 * n, 2 * n))[:, ::2], 0, 0, np.zeros((n, n)), 0, 0)
