"""Changes of areas: limits by hand, symmetry in time, and coverage of correlated errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from entropice.imagery.inventory.area_errors import Areas
from entropice.imagery.inventory.growth import change_of


def areas(area, down, up):
    area, down, up = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (area, down, up))
    return Areas(area, area - down, area + up, up)


def test_limits_by_hand():
    change = change_of(areas(100, 5, 3), areas(120, 4, 12), 0.0)
    assert change.change_m2 == 20
    assert_allclose([change.low_m2[0], change.high_m2[0]], [20 - 5, 20 + 13])
    assert change.p_grew == pytest.approx(1.0, abs=1e-8)


def test_errors_that_are_the_same_in_both_years_cancel():
    change = change_of(areas(100, 5, 5), areas(120, 5, 5), 1.0)
    assert_allclose([change.low_m2[0], change.high_m2[0], change.p_grew[0]], [20, 20, 1])


def test_no_change_is_as_likely_growth_as_not():
    assert change_of(areas(100, 5, 5), areas(100, 5, 5), 0.0).p_grew == 0.5


@given(st.lists(st.floats(1, 100), min_size=6, max_size=6).filter(lambda each: each[0] != each[1]), st.floats(0, 0.9))
def test_backwards_the_limits_change_places(numbers, correlation):
    first, last = areas(numbers[0] + 100, *numbers[2:4]), areas(numbers[1] + 100, *numbers[4:])
    on, back = change_of(first, last, correlation), change_of(last, first, correlation)
    assert_allclose(on.low_m2, -back.high_m2)
    assert_allclose(on.p_grew, 1 - back.p_grew, atol=1e-12)
    assert on.low_m2 <= on.change_m2 <= on.high_m2


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_intervals_cover_changes_whose_errors_are_correlated(correlation):
    random = np.random.default_rng(8)
    law = np.array([[1, correlation], [correlation, 1]])
    true = np.array([10_000.0, 10_500.0])
    said = true * np.exp(0.1 * random.multivariate_normal(np.zeros(2), law, size=20_000))
    reach = np.exp(0.1 * 1.645)
    first, last = (Areas(each, each / reach, each * reach, 0.1 * each) for each in said.T)
    change = change_of(first, last, correlation)
    assert np.mean((change.low_m2 <= 500) & (change.high_m2 >= 500)) == pytest.approx(0.9, abs=0.015)
