import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from entropice.report.palettes import CATEGORIES, CHANGE_RAMP, OTHER
from entropice.report.scales import (
    Categorical,
    Category,
    Graduated,
    around_zero,
    class_sets,
    first_ranks,
    most_frequent,
    named,
    scale_entry,
    scale_of,
    upper_tail,
    zero_apart,
)

CHANGES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(0.0), st.just(float("nan"))), min_size=1)
SHARES = st.lists(st.one_of(st.floats(0, 1), st.just(0.0), st.just(float("nan"))), min_size=1)


def test_a_graduated_scale_has_one_colour_less_than_breaks() -> None:
    scale = upper_tail(pd.Series([0.0, 0.2, 0.3, np.nan, 1.0]), ["#ffffff", "#000000"])
    assert len(scale.breaks) == len(scale.colours) + 1
    assert list(scale.breaks) == sorted(set(scale.breaks))


def test_ranks_are_darkest_at_their_start_and_steps_double_without_overlap() -> None:
    ramp = ["#ffffff", "#888888", "#000000"]
    ranks = pd.Series([3, None, 1, 100, 2], dtype="Int64")
    scale = first_ranks(ranks, ramp)
    assert scale == Graduated((0.5, 25.5, 50.5, 100.5), ("#000000", "#888888", "#ffffff"))
    assert scale.steps() == ["1 – 25", "26 – 50", "51 – 100"]
    assert first_ranks(pd.Series([1], dtype="Int64"), ramp) == Graduated((0.5, 1.5), ("#000000",))
    assert first_ranks(pd.Series([1, 2], dtype="Int64"), ramp).steps() == ["1", "2"]


def test_sets_of_classes_are_told_in_words_in_the_order_of_the_classes() -> None:
    names = ["none", "few", "many"]
    values = pd.Series(["none|few|many", "many", "none|many", None, "few|many", "none", "none|few", "few"])
    scale = class_sets(values, names)
    assert [item.label for item in scale.categories] == [
        "none", "none or few", "none or many", "few", "many", "few or many", "any class",
    ]  # fmt: skip
    assert {item.value for item in scale.categories} == set(values.dropna())
    assert scale.other is None
    assert [item.label for item in class_sets(values[:2], names).categories] == ["many", "any class"]


def test_the_most_frequent_values_get_colours_the_rest_is_grey_together() -> None:
    names = [f"feature_{number:02d}" for number in range(10)]
    values = pd.Series(np.repeat(names, np.arange(10, 0, -1)))
    scale = most_frequent(values, {"feature_00": "zeroth"})
    assert scale.categories[0] == Category("feature_00", "zeroth", CATEGORIES[0])
    assert [item.value for item in scale.categories] == names[: len(CATEGORIES)]
    assert scale.other is not None
    assert (scale.other.label, scale.other.colour) == ("other (3)", OTHER)


def test_a_missing_value_is_no_category() -> None:
    scale = most_frequent(pd.Series(["slope", None, None]), {})
    assert [item.value for item in scale.categories] == ["slope"]
    assert scale.other is None


def test_a_scale_is_plain_values_for_readers() -> None:
    assert scale_entry(Graduated((0.0, 1.0), ("#ffffff",))) == {
        "kind": "graduated", "breaks": (0.0, 1.0), "colours": ("#ffffff",),
    }  # fmt: skip
    assert scale_entry(named({"a": "#000000"}, {"a": "A"})) == {
        "kind": "categorical", "categories": ({"value": "a", "label": "A", "colour": "#000000"},), "other": None,
    }  # fmt: skip
    assert scale_entry(None) is None


@given(CHANGES)
def test_steps_of_changes_lie_alike_around_zero_and_hold_every_value(changes: list[float]) -> None:
    values = pd.Series(changes)
    scale = around_zero(values, CHANGE_RAMP)
    assert scale.breaks == tuple(-edge for edge in reversed(scale.breaks))
    assert list(scale.breaks) == sorted(set(scale.breaks))
    assert len(scale.colours) == len(scale.breaks) - 1 <= len(CHANGE_RAMP)
    assert scale.colours[len(scale.colours) // 2] == CHANGE_RAMP[len(CHANGE_RAMP) // 2]
    assert values.dropna().between(scale.breaks[0], scale.breaks[-1]).all()


@given(SHARES)
def test_zero_has_a_step_of_its_own_and_all_others_lie_above(shares: list[float]) -> None:
    values = pd.Series(shares)
    ramp = ["#ffffff", "#aaaaaa", "#888888", "#777777", "#555555", "#333333", "#000000"]
    scale = zero_apart(values, ramp, "#cccccc")
    assert (scale.breaks[0], scale.colours[0]) == (0.0, "#cccccc")
    assert len(scale.colours) == len(scale.breaks) - 1 <= len(ramp)
    assert list(scale.breaks) == sorted(set(scale.breaks))
    assert values[values > 0].between(scale.breaks[1], scale.breaks[-1]).all() or not (values > 0).any()


def test_steps_below_zero_are_told_with_minus_signs() -> None:
    assert Graduated((-3e4, -1e-05, 2.0), ("#000000", "#ffffff")).steps() == ["−30,000 to −1e-05", "−1e-05 to 2"]


def test_what_is_outlined_says_so_and_what_is_filled_says_nothing() -> None:
    filled = Categorical((Category("a", "A", "#000000"),))
    outlined = Categorical(filled.categories, outline_width_mm=0.5)
    assert "outline_width_mm" not in scale_entry(filled)
    assert scale_entry(outlined)["outline_width_mm"] == 0.5
    assert [scale_of(scale_entry(scale)) for scale in (filled, outlined)] == [filled, outlined]
