from itertools import combinations, pairwise

import pandas as pd
import pytest
from colour_vision import SIGHTS, lightness, smallest_difference
from hypothesis import given
from hypothesis import strategies as st

from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS
from entropice.report.palettes import (
    AGREEMENT_COLOURS,
    APPLICABILITY_COLOURS,
    CATEGORIES,
    DOUBT_RAMP,
    ENTROPY_RAMP,
    OTHER,
    PROBABILITY_RAMP,
    STATE_COLOURS,
    class_colours,
    evenly_spaced,
    red_green_blue,
)
from entropice.report.scales import class_sets

CLASSES = ["none", "few", "some", "many"]
ALL_SETS = ["|".join(names) for n in range(1, 5) for names in combinations(CLASSES, n)]
PAPER = "#ffffff"
RAMPS = {"probability": PROBABILITY_RAMP, "entropy": ENTROPY_RAMP, "doubt": DOUBT_RAMP}
SETS = {
    "classes": tuple(class_colours(["none", "few", "some", "many"]).values()),
    "states": tuple(STATE_COLOURS.values()),
    "agreement": tuple(AGREEMENT_COLOURS.values()),
    "sets of classes": tuple(item.colour for item in class_sets(pd.Series(ALL_SETS), CLASSES).categories),
    "applicability": tuple(APPLICABILITY_COLOURS.values()),
    "categories": (*CATEGORIES, OTHER),
    "models": (MAP_MODEL, LIMIT, *OTHER_MODELS),
}
TOLD_APART = 9


def luminance(colour: str) -> float:
    red, green, blue = red_green_blue(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ramp", [PROBABILITY_RAMP, ENTROPY_RAMP], ids=["probability", "entropy"])
def test_ramps_darken_step_by_step_so_that_grey_prints_keep_the_order(ramp: tuple[str, ...]) -> None:
    lights = [luminance(colour) for colour in ramp]
    assert all(brighter > darker + 10 for brighter, darker in pairwise(lights))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ramp", RAMPS.values(), ids=RAMPS)
def test_ramps_darken_step_by_step_for_readers_without_a_kind_of_cone(ramp: tuple[str, ...], sight: str) -> None:
    lights = [lightness(colour, sight) for colour in ramp]
    assert all(brighter > darker + 4 for brighter, darker in pairwise(lights))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [*RAMPS.values(), *SETS.values()], ids=[*RAMPS, *SETS])
def test_colours_of_a_legend_are_told_apart_without_a_kind_of_cone(colours: tuple[str, ...], sight: str) -> None:
    assert smallest_difference(colours, sight) > TOLD_APART


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ramp", RAMPS.values(), ids=RAMPS)
def test_the_lowest_step_stands_out_from_paper(ramp: tuple[str, ...], sight: str) -> None:
    assert smallest_difference((ramp[0], PAPER), sight) > TOLD_APART


def test_a_red_and_a_green_of_one_lightness_fail_that_test() -> None:
    assert smallest_difference(("#c85a3c", "#7f8f2f"), "deuteranopia") < TOLD_APART


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
