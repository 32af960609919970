"""How the skill of runs is drawn: colours, shapes and order, however many grids and runs there are."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from entropice.comparison.charts.skill import (
    MAP_SKILL,
    MODEL_SKILL,
    OF_LIMIT,
    RUN_COLOURS,
    RUN_SHAPES,
    SYSTEM_COLOURS,
    draw_maps,
    draw_models,
)
from entropice.report.charts.theme import LIMIT

NONE = float("nan")


def facts_of(n_systems: int = 1, n_runs: int = 1) -> Any:
    return SimpleNamespace(
        systems=[f"grid {number}" for number in range(n_systems)],
        runs=[SimpleNamespace(name=f"run {number}") for number in range(n_runs)],
    )


def maps(limit: float = NONE) -> pd.DataFrame:
    """Two maps, of which one may know its limit, by two scores."""
    told = {"value": 0.5, "low_95": 0.4, "high_95": 0.6, "share_of_limit": NONE, "n_unit_years": 9}
    rows = [
        {"name": name, "system": "grid 0", "score": score, "limit": limit if name == "b" else NONE} | told
        for score in ("second by letters", "first by letters")
        for name in ("b", "a")
    ]
    return pd.DataFrame(rows)


def models() -> pd.DataFrame:
    told = {"score": "skill", "value": 0.5, "low_95": 0.4, "high_95": 0.6, "share_of_limit": NONE, "n_unit_years": 9}
    rows = [
        {"run": run, "model": model, "is_of_map": model == "ridge"} | told
        for model in ("ridge", "eSPA", "boosting")
        for run in ("run 1", "run 0")
    ]
    return pd.DataFrame(rows)


def each(values: Any, key: str) -> list[Any]:
    """Whatever stands under a key, anywhere in a specification."""
    if isinstance(values, list):
        return [found for value in values for found in each(value, key)]
    if not isinstance(values, dict):
        return []
    own = [values[key]] if key in values else []
    return own + [found for value in values.values() for found in each(value, key)]


def scales(specification: dict[str, Any], channel: str) -> list[dict[str, list[str]]]:
    """The scales of a channel, one a layer that has any."""
    return [found["scale"] for found in each(specification, channel) if "scale" in found]


def test_the_limit_is_in_the_legend_only_where_one_is_known() -> None:
    unknown, known = (scales(draw_maps(maps(limit), facts_of()), "color") for limit in (NONE, 0.8))

    assert unknown == [{"domain": ["grid 0"], "range": [SYSTEM_COLOURS[0]]}] * 2
    assert known == [{"domain": ["grid 0", OF_LIMIT], "range": [SYSTEM_COLOURS[0], LIMIT]}] * 2


def test_grid_systems_beyond_the_third_begin_the_colours_anew() -> None:
    scale, _ = scales(draw_maps(maps(0.8), facts_of(n_systems=4)), "color")

    assert scale["domain"] == ["grid 0", "grid 1", "grid 2", "grid 3", OF_LIMIT]
    assert scale["range"] == [*SYSTEM_COLOURS, SYSTEM_COLOURS[0], LIMIT]


@pytest.mark.parametrize("draw", [draw_maps, draw_models])
def test_scores_are_offered_once_the_first_of_the_table_first(draw: Any) -> None:
    frame = maps() if draw is draw_maps else models().assign(score=["b"] * 3 + ["a"] * 3)
    offered = list(dict.fromkeys(frame["score"]))

    ((asked,),) = each(draw(frame, facts_of()), "params")

    assert (asked["value"], asked["bind"]["options"]) == (offered[0], offered)
    assert each(draw(frame, facts_of()), "filter")[0] == "datum.score === chosen_score"


@pytest.mark.parametrize("n_runs", [1, len(RUN_SHAPES) + 1, len(RUN_COLOURS) + 2])
def test_each_run_has_a_colour_and_a_shape_which_begin_anew(n_runs: int) -> None:
    facts = facts_of(n_runs=n_runs)
    names = [run.name for run in facts.runs]

    drawn = draw_models(models(), facts)

    for channel, values in (("color", RUN_COLOURS), ("shape", RUN_SHAPES)):
        for scale in scales(drawn, channel):
            assert scale["domain"] == names
            assert scale["range"] == [values[number % len(values)] for number in range(n_runs)]


def test_as_many_runs_as_there_are_colours_look_different() -> None:
    """Where colours are used up, shapes have long begun anew, and elsewhere: no two looks of 50 are the same."""
    assert len(set(RUN_COLOURS)) == len(RUN_COLOURS)
    looks = [(RUN_COLOURS[number % len(RUN_COLOURS)], RUN_SHAPES[number % len(RUN_SHAPES)]) for number in range(50)]

    assert len(set(looks)) == 50


def test_models_stand_in_the_order_of_the_table_and_runs_in_that_of_the_facts() -> None:
    """The first line of a block, of the run without a name, is that of the model's."""
    drawn = draw_models(models(), facts_of(n_runs=2))

    assert {tuple(found["sort"]) for found in each(drawn, "y")} == {("ridge", "eSPA", "boosting")}
    assert {tuple(found["scale"]["domain"]) for found in each(drawn, "yOffset")} == {("", "run 0", "run 1")}
    assert drawn["layer"][-1]["transform"][-1] == {"calculate": "''", "as": "run"}


def test_filled_marks_lie_on_open_ones_and_are_those_behind_a_map() -> None:
    _, _, points, filled, _ = draw_models(models(), facts_of())["layer"]

    assert "filled" not in points["mark"]
    assert filled["mark"]["filled"]
    assert filled["transform"] == [{"filter": "datum.is_of_map"}]
    assert filled["encoding"] == points["encoding"]


@pytest.mark.parametrize(
    ("chart", "frame", "made"),
    [(MAP_SKILL, maps(0.8), {"lines"}), (MODEL_SKILL, models(), set())],
    ids=["maps", "models"],
)
def test_whatever_is_drawn_is_a_column_of_the_rows(chart: Any, frame: pd.DataFrame, made: set[str]) -> None:
    assert set(each(chart.draw(frame, facts_of()), "field")) <= set(frame.columns) | made


def test_intervals_and_zero_lie_below_the_scores() -> None:
    """What is drawn later covers what is drawn before."""
    for drawn in (draw_maps(maps(), facts_of()), draw_models(models(), facts_of())):
        marks = [layer["mark"]["type"] for layer in drawn["layer"]]
        assert marks[0] == "rule"
        last_rule = max(place for place, mark in enumerate(marks) if mark == "rule")
        assert last_rule < marks.index("point")
