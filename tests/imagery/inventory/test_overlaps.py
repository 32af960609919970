"""Found and true objects that belong together, by hand, and that no true area counts twice."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.inventory.overlaps import Outlined, Pairs, pairs_of


def boxes(*bounds):
    return np.array([shapely.box(*each) for each in bounds], dtype=object)


def outlined(*bounds, group=None):
    return Outlined(boxes(*bounds), np.zeros(len(bounds), dtype=np.int64) if group is None else np.array(group))


def test_one_found_for_two_true_ones_and_two_for_one():
    found = outlined((0, 0, 10, 1), (20, 0, 21, 1), (22, 0, 25, 1), (50, 0, 51, 1))
    true = outlined((0, 0, 4, 1), (6, 0, 9, 1), (20, 0, 26, 1), (80, 0, 81, 1))
    pairs = pairs_of(found, true, 0.1)
    areas = pairs.true_areas(4, np.array([4.0, 3, 6, 1]))
    assert areas.tolist() == [7, 1.5, 4.5, 0]
    assert pairs.is_found(4).tolist() == [True, True, True, False]


def test_a_touch_or_too_little_is_no_pair():
    found = outlined((0, 0, 10, 1))
    assert len(pairs_of(found, outlined((10, 0, 20, 1)), 1e-6).found) == 0
    assert len(pairs_of(found, outlined((9.5, 0, 19.5, 1)), 0.1).found) == 0
    assert len(pairs_of(found, outlined((9, 0, 19, 1)), 0.1).found) == 1


def test_what_belongs_to_another_year_is_not_compared():
    found = outlined((0, 0, 1, 1), (0, 0, 1, 1), group=[0, 1])
    assert pairs_of(found, outlined((0, 0, 1, 1), group=[1]), 0.1).found.tolist() == [1]


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.1, 10)), max_size=20, unique_by=lambda t: t[:2]
    )
)
def test_true_areas_are_shared_out_once(drawn):
    found, true, shared = (np.array([each[at] for each in drawn]) for at in range(3))
    pairs = Pairs(found.astype(np.int64), true.astype(np.int64), shared.astype(np.float64))
    areas = np.arange(1.0, 7.0)
    assert pairs.true_areas(6, areas).sum() == pytest.approx(areas[pairs.is_found(6)].sum())
