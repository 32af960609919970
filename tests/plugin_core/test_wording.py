import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgis_plugin.entropice.core.layers import Layer
from qgis_plugin.entropice.core.scales import Categorical, Category, Graduated
from qgis_plugin.entropice.core.tables import Table
from qgis_plugin.entropice.core.wording import UNKNOWN, number_text, step_texts, value_text

TABLE = Table("cells", "Cells", True, "cells", 3, frozenset({"cell_id", "x"}))
STATES = Categorical((Category("seen", "was seen", "#000000"),), None)


def layer(display: str = "number", unit: str | None = "1", scale: object = None) -> Layer:
    return Layer("x", TABLE, "x", "x", None, "X", "", unit, "cell", False, False, display, scale, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (12345, "12,345"),
        (1767345678.4, "1,767,345,678"),
        (0.57, "0.57"),
        (1.23456, "1.23"),
        (999.9999, "1,000"),
        (-2.5, "−2.5"),
        (0.00000503, "5.03 × 10⁻⁶"),
        (3e20, "3 × 10²⁰"),
    ],
)
def test_numbers_are_written_for_readers(value: float, text: str):
    assert number_text(value, 3) == text


@pytest.mark.parametrize(
    ("display", "unit", "value", "text"),
    [
        ("percent", "1", 0.755, "75.5 %"),
        ("number", "1", 0.5, "0.5"),
        ("number", None, 0.5, "0.5"),
        ("number", "km-2", 0.004, "0.004 km⁻²"),
        ("number", "m2", 12, "12 m²"),
        ("number", "kg m-2 day-1", 2, "2 kg m⁻² day⁻¹"),
        ("a format of a later version", "K", 271.5, "272 K"),
        ("text", None, "anything", "anything"),
        ("number", "1", None, UNKNOWN),
        ("text", None, None, UNKNOWN),
    ],
)
def test_a_value_carries_its_unit(display: str, unit: str | None, value: float | str | None, text: str):
    assert value_text(layer(display, unit), value) == text


def test_text_is_called_what_the_map_calls_it():
    states = layer("text", None, STATES)
    assert value_text(states, "seen") == "was seen"
    assert value_text(states, "unheard of") == "unheard of"


def test_steps_have_as_many_digits_as_tell_them_apart():
    assert step_texts(layer("percent"), (0.0, 0.054, 0.16)) == ["0 – 5.4 %", "5.4 – 16 %"]
    assert step_texts(layer("percent"), (0.701, 0.702, 0.7034)) == ["70.1 – 70.2 %", "70.2 – 70.3 %"]
    assert step_texts(layer("number", "km-2"), (0.0, 1e-5)) == ["0 – 1 × 10⁻⁵ km⁻²"]


def test_steps_of_whole_numbers_do_not_overlap():
    assert step_texts(layer(), (0.5, 1.5, 3.5, 1200.5)) == ["1", "2 – 3", "4 – 1,200"]


@given(st.lists(st.floats(-1e15, 1e15), min_size=2, max_size=8, unique=True))
def test_a_legend_has_a_text_for_every_step(values: list[float]):
    breaks = tuple(sorted(values))
    scale = Graduated(breaks, ("#000000",) * (len(breaks) - 1))
    assert len(step_texts(layer(scale=scale), breaks)) == len(breaks) - 1


@given(st.floats(1e-3, 999), st.integers(3, 6))
def test_a_written_number_is_near_its_value(value: float, n_digits: int):
    written = float(number_text(value, n_digits).replace(",", ""))
    assert math.isclose(written, value, rel_tol=10.0 ** (1 - n_digits))
