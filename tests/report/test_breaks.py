import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.report.breaks import round_significant, upper_tail_breaks


@given(st.lists(st.one_of(st.just(math.nan), st.floats(0, 1, allow_subnormal=False)), min_size=1, max_size=60))
def test_breaks_rise_and_enclose_every_finite_value(values: list[float]) -> None:
    finite = [value for value in values if not math.isnan(value)]
    if not finite:
        with pytest.raises(SchemaError, match="every value is missing"):
            upper_tail_breaks(np.array(values))
        return
    breaks = upper_tail_breaks(np.array(values))
    assert np.all(np.diff(breaks) > 0)
    assert 2 <= len(breaks) <= 8
    slack = 1e-11 * max(finite)
    assert breaks[0] <= min(finite) + slack
    assert max(finite) <= breaks[-1] + slack


def test_breaks_by_hand() -> None:
    breaks = upper_tail_breaks(np.arange(101) / 100)
    assert breaks.tolist() == [0, 0.25, 0.5, 0.7, 0.85, 0.94, 0.98, 1.0]


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [(0.04567, math.floor, 0.045), (0.04567, math.ceil, 0.046), (0.04567, round, 0.046), (1234.0, round, 1200.0)],
)
def test_two_significant_digits(value: float, rounding: type[int], expected: float) -> None:
    assert round_significant(value, 2, rounding) == expected


def test_a_constant_still_makes_one_interval() -> None:
    low, high = upper_tail_breaks(np.full(5, 0.3))
    assert low <= 0.3 < high
