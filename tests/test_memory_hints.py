"""Hints change no number: what is asked for may not exist, and what goes past the caches arrives."""

import numpy as np
import pytest
from numba import njit

from entropice.memory_hints import prefetch, store_past_caches


@njit
def copy_past_caches(source, target):
    for row in range(source.shape[0]):
        prefetch(source, row + 1_000_000, 0)
        for column in range(source.shape[1]):
            store_past_caches(target, row, column, source[row, column])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
@pytest.mark.parametrize("n_columns", [0, 1, 7, 64])
def test_values_go_where_they_shall_to_the_last_bit(dtype, n_columns):
    source = (1000 * np.random.default_rng(0).standard_normal((5, n_columns))).astype(dtype)
    around = np.zeros((7, n_columns), dtype)

    copy_past_caches(source, around[1:-1])

    np.testing.assert_array_equal(around[1:-1], source)
    assert not around[0].any()
    assert not around[-1].any()


def test_an_array_of_any_strides_is_written():
    source, around = np.arange(12.0).reshape(3, 4), np.zeros((8, 6))

    copy_past_caches(source, around.T[1:4, ::2])

    np.testing.assert_array_equal(around.T[1:4, ::2], source)
    assert np.count_nonzero(around) == np.count_nonzero(source)
