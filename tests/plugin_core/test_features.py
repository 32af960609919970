from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgis_plugin.entropice.core.features import Distribution
from qgis_plugin.entropice.core.important_sets import ImportantSet, set_of
from qgis_plugin.entropice.core.wording import percent, round_limit, signed, unit_text

ELEVATION = Distribution(((0.0, 0.0), (0.25, 100.0), (0.75, 100.0), (1.0, 300.0)), (10.0, 110.0, 210.0), (6.0, 2.0))
ALIKE = Distribution(((0.0, 5.0), (1.0, 5.0)), (5.0, 5.0), (8.0,))


@pytest.mark.parametrize(
    ("value", "share"), [(-1, 0), (0, 0), (50, 0.125), (100, 0.5), (200, 0.875), (300, 1), (301, 1)]
)
def test_a_value_has_the_share_of_training_rows_below_it(value: float, share: float):
    assert ELEVATION.share_below(value) == share


@pytest.mark.parametrize(("value", "position"), [(-1, 0), (10, 0), (60, 0.25), (210, 1), (999, 1)])
def test_a_value_has_a_position_between_the_outer_edges(value: float, position: float):
    assert ELEVATION.position(value) == position


@pytest.mark.parametrize(("value", "share", "position"), [(4, 0, 0), (5, 0.5, 0.5), (6, 1, 1)])
def test_values_that_are_all_alike_have_a_middle(value: float, share: float, position: float):
    assert (ALIKE.share_below(value), ALIKE.position(value)) == (share, position)


def test_the_ends_are_those_of_the_quantiles():
    assert (ELEVATION.lowest, ELEVATION.highest) == (0, 300)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12), st.floats(-2e6, 2e6), st.floats(-2e6, 2e6))
def test_a_larger_value_never_has_fewer_rows_below_it(values: Sequence[float], one: float, other: float):
    quantiles = tuple((index / (len(values) - 1), value) for index, value in enumerate(sorted(values)))
    distribution = Distribution(quantiles, (min(values), max(values)), (1.0,))
    low, high = sorted((one, other))
    assert 0 <= distribution.share_below(low) <= distribution.share_below(high) <= 1
    assert 0 <= distribution.position(low) <= distribution.position(high) <= 1


@pytest.mark.parametrize(
    ("importance", "null_q95", "share", "null_share"),
    [
        (0.5, 0.125, -0.6, 0.15),
        (0.5, 0.125, 0.6, 0.15),
        (0.1, 0.4, 0.5, 1),
        (0, 0.1, 0.5, 1),
        (-0.1, 0.1, 0.5, 1),
        (0.5, -0.1, 0.5, 0),
    ],
)
def test_the_null_of_a_driver_is_as_long_as_that_of_its_importance(
    importance: float, null_q95: float, share: float, null_share: float
):
    found = ImportantSet("a", "A", frozenset({"a"}), importance, null_q95, importance > null_q95)
    assert found.null_share(share) == pytest.approx(null_share)


def test_a_feature_is_found_in_the_set_that_has_it():
    first, second = (ImportantSet(name, name, frozenset({name, name + "2"}), 1, 0, True) for name in "ab")
    assert set_of((first, second), "b2") == second
    assert set_of((first, second), "c") is None


@pytest.mark.parametrize(
    ("value", "limit"),
    [(0.03, 0.05), (0.05, 0.05), (0.2, 0.2), (0.21, 0.5), (0.51, 1), (1, 1), (1e-7, 1e-7), (70, 100)],
)
def test_axes_end_at_round_numbers(value: float, limit: float):
    assert round_limit(value) == pytest.approx(limit)


@given(st.floats(1e-12, 1e12))
def test_axes_never_end_before_their_values(value: float):
    assert value <= round_limit(value) <= 10.1 * value


@pytest.mark.parametrize(("value", "text"), [(0.4321, "+0.43"), (-0.4321, "−0.43"), (0, "+0")])
def test_signed_numbers_have_their_sign(value: float, text: str):
    assert signed(value) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [("m", "m"), ("km-2", "km⁻²"), ("degree", "°"), ("degC per decade", "°C per decade"), ("1", ""), (None, "")],
)
def test_units_are_written_for_readers(unit: str | None, text: str):
    assert unit_text(unit) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0.0 %"), (0.0004, "< 0.1 %"), (-0.0004, "> −0.1 %"), (-0.5, "−50.0 %")]
)
def test_a_small_share_is_never_shown_as_none(share: float, text: str):
    assert percent(share) == text
