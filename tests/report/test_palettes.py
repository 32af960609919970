from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.report.palettes import (
    CATEGORIES,
    ENTROPY_RAMP,
    PROBABILITY_RAMP,
    STATE_COLOURS,
    class_colours,
    evenly_spaced,
    red_green_blue,
)


def luminance(colour: str) -> float:
    red, green, blue = red_green_blue(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ramp", [PROBABILITY_RAMP, ENTROPY_RAMP], ids=["probability", "entropy"])
def test_ramps_darken_step_by_step_so_that_grey_prints_keep_the_order(ramp: tuple[str, ...]) -> None:
    lights = [luminance(colour) for colour in ramp]
    assert all(brighter > darker + 10 for brighter, darker in pairwise(lights))


@given(st.integers(2, len(PROBABILITY_RAMP)))
def test_a_shorter_ramp_keeps_ends_and_order(n_colours: int) -> None:
    chosen = evenly_spaced(PROBABILITY_RAMP, n_colours)
    positions = [PROBABILITY_RAMP.index(colour) for colour in chosen]
    assert len(chosen) == n_colours
    assert positions[0] == 0
    assert positions[-1] == len(PROBABILITY_RAMP) - 1
    assert positions == sorted(set(positions))


@pytest.mark.parametrize("names", [["none", "some"], ["none", "few", "some", "many"]], ids=["two", "four"])
def test_every_class_has_its_own_colour(names: list[str]) -> None:
    colours = class_colours(names)
    assert list(colours) == names
    assert len(set(colours.values())) == len(names)


def test_the_three_states_and_all_categories_differ() -> None:
    assert len(set(STATE_COLOURS.values())) == 3
    assert len(set(CATEGORIES)) == len(CATEGORIES)
