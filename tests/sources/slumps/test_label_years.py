"""A label year stands for itself, or for a pooled period."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.sources.periods import Period
from entropice.sources.slumps.label_years import assign_label_year

SPANS = np.array([[2018, 2021], [2017, 2018], [2021, 2022], [2010, 2030], [2015, 2016], [2020, 2020]]).T


def test_spans_lie_within_across_or_outside_a_pooled_period():
    assigned = assign_label_year(*SPANS, [Period(2018, 2021)], "x")
    assert assigned.label_year.tolist() == [2021, 2021, 2021, 2021, 0, 2021]
    assert assigned.is_partly.tolist() == [False, True, True, True, False, False]


def test_years_lie_in_their_own_period():
    year = np.array([2019, 2020, 2021, 2022])
    assert assign_label_year(year, year, [Period(2020, 2020), Period(2022, 2022)], "x").label_year.tolist() == [
        0,
        2020,
        0,
        2022,
    ]


def test_a_range_labels_no_single_year():
    with pytest.raises(LabelError, match=r"got: 2 rows[\s\S]*for example: 2010–2030, 2018–2021"):
        assign_label_year(*SPANS[:, [0, 3]], [Period(2020, 2020)], "x")


@given(st.integers(2000, 2030), st.integers(0, 9), st.integers(2005, 2025), st.integers(1, 9))
def test_a_span_within_is_not_partly_and_a_span_outside_has_no_label(first, n_more, period_first, n_more_of_period):
    last, period = first + n_more, Period(period_first, period_first + n_more_of_period)
    assigned = assign_label_year(np.array([first]), np.array([last]), [period], "x")
    shared = set(range(first, last + 1)) & set(range(period.first_year, period.last_year + 1))
    assert (assigned.label_year.item() == period.last_year) == bool(shared)
    assert assigned.is_partly.item() == (0 < len(shared) < n_more + 1)
