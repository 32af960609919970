"""Quotients of sums: nothing by nothing is unknown, and so is something by nothing."""

import warnings

import numpy as np
import pytest

from entropice.quotients import quotient


def test_where_there_is_nothing_to_divide_by_it_is_unknown_and_nobody_is_warned() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = quotient(np.array([3.0, 0.0, 5.0, -1.0, 2.0]), np.array([4.0, 0.0, 0.0, 2.0, -1.0]))

    np.testing.assert_array_equal(found, [0.75, np.nan, np.nan, -0.5, np.nan])


def test_sums_that_are_not_known_have_no_quotient() -> None:
    np.testing.assert_array_equal(quotient(np.array([np.nan, 1.0]), np.array([2.0, np.nan])), [np.nan, np.nan])


def test_one_divisor_for_a_row_each() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 6.0], [4.0, 4.0]])

    np.testing.assert_array_equal(
        quotient(rows, np.array([[2.0], [0.0], [4.0]])), [[0.5, 1.0], [np.nan, np.nan], [1.0, 1.0]]
    )


def test_a_divisor_of_more_values_than_are_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        quotient(np.ones(2), np.ones((3, 2)))
