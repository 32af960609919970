"""A figure has a point a run in every panel: where it lies, and how far its interval reaches."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from entropice.comparison.figure import draw_figure
from entropice.comparison.skill import LIMIT, SCORE_TITLES

RUNS = pd.DataFrame(
    {"run": ["a", "b"], "grid": ["h3_3", "healpix_6"], "n_cells": [100, 400], "map_model": "m", "seconds": [7.0, 9.0]}
)
ROWS = [("a", "m", 0.5, 0.4, 0.7), ("b", "m", 0.2, np.nan, np.nan), ("a", LIMIT, 0.9, np.nan, np.nan)]
SKILL = pd.concat(
    [pd.DataFrame(ROWS, columns=["run", "model", "value", "low_95", "high_95"]).assign(score=s) for s in SCORE_TITLES]
)


def axes_of(runs: pd.DataFrame) -> list[Axes]:
    compared: Any = SimpleNamespace(runs=runs, skill=SKILL[SKILL["run"].isin(runs["run"])])
    return draw_figure(compared).axes


def points(axis: Axes) -> dict[str, tuple[float, float]]:
    """Places by the names that stand beside them."""
    marks = [tuple(map(float, line.get_xydata()[0])) for line in axis.lines if line.get_marker() == "o"]
    assert sorted(marks) == sorted(text.xy for text in axis.texts)
    return {text.get_text(): text.xy for text in axis.texts}


def test_every_run_has_its_place_in_each_panel() -> None:
    *of_scores, of_cost = axes_of(RUNS)

    assert [points(axis) for axis in of_scores] == [{"a": (100, 0.5), "b": (400, 0.2)}] * len(SCORE_TITLES)
    assert points(of_cost) == {"a": (100, 7.0), "b": (400, 9.0)}


def test_an_interval_is_drawn_where_there_is_one_and_the_limit_where_it_is_known() -> None:
    axis, *_ = axes_of(RUNS)

    lines = [line.get_xydata().tolist() for line in axis.lines]
    assert [[100, 0.4], [100, 0.7]] in lines
    assert [[100, 0.9]] in lines
    assert len(lines) == 1 + 1 + 2 + 1  # zero, limit, two points, one interval


@pytest.mark.parametrize(("seconds", "expected"), [([7.0, np.nan], {"a": (100, 7.0)}), ([np.nan] * 2, None)])
def test_seconds_that_were_not_noted_have_no_point(seconds: list[float], expected: Any) -> None:
    *_, axis = axes_of(RUNS.assign(seconds=seconds))

    if expected is None:
        assert [text.get_text() for text in axis.texts] == ["not noted"]
    else:
        assert points(axis) == expected
