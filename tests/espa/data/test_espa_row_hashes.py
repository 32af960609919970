"""Rows are known by their values and class, whatever their order or that of the features."""

import numpy as np
import pytest
from espa_problems import small_table
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.espa.data.row_hashes import number_distinct, row_hashes
from entropice.espa.data.rows import Rows


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_rows_are_known_by_their_values_and_class_wherever_they_stand(seed):
    X, y = small_table(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(X.shape[0]), random.permutation(X.shape[1])
    hashes = hashes_of(X, y)
    assert hashes_of(X[rows][:, columns], y[rows]).tolist() == hashes[rows].tolist()
    assert len(set(hashes.tolist())) == len(X)


@pytest.mark.parametrize("change", [1e-12, np.nan])
def test_another_value_or_class_makes_another_row(change):
    X, y = small_table(1)
    hashes = hashes_of(X, y)
    changed = X.copy()
    changed[3, 1] = X[3, 1] * (1 + change)
    assert np.flatnonzero(hashes_of(changed, y) != hashes).tolist() == [3]
    assert np.flatnonzero(hashes_of(X, np.where(np.arange(60) == 3, y + 1, y)) != hashes).tolist() == [3]


def test_zeros_of_either_sign_are_one_value():
    X, y = small_table(1)
    X[:, 0] = 0.0
    hashes = hashes_of(X, y)
    X[::2, 0] = -0.0
    assert hashes_of(X, y).tolist() == hashes.tolist()


def hashes_of(X, y):
    return row_hashes(Rows(np.ascontiguousarray(X), X.dtype), y.astype(np.int32), np.zeros(X.shape[1], np.uint64))


def test_equal_rows_share_a_number_and_no_others():
    """Rows 0 and 3 are equal; 1 differs from them by an exchange of features, 2 by its class, 4 by a missing value."""
    X = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [1.0, 2.0], [1.0, np.nan], [np.nan, np.nan], [np.nan, np.nan]])
    codes = np.array([0, 0, 1, 0, 0, 2, 2], np.int32)
    numbers = number_distinct(Rows(X, X.dtype), codes)
    assert sorted(set(numbers.tolist())) == list(range(5))
    assert (numbers[0], numbers[5]) == (numbers[3], numbers[6])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_numbers_of_rows_do_not_change_with_their_order(seed):
    X, y = small_table(seed)
    random = np.random.default_rng(seed)
    X, y = X[random.integers(0, 60, 90)], y[random.integers(0, 60, 90)]
    rows, columns = random.permutation(90), random.permutation(X.shape[1])
    numbers = number_distinct(Rows(X, X.dtype), y.astype(np.int32))
    permuted = np.ascontiguousarray(X[rows][:, columns])
    assert number_distinct(Rows(permuted, X.dtype), y[rows].astype(np.int32)).tolist() == numbers[rows].tolist()
