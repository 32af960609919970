"""Skill against cells in one figure."""

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entropice.comparison.comparison import Comparison
from entropice.comparison.skill import LIMIT, SCORE_TITLES
from entropice.report.figure_files import BLUE, GREY, INK, MUTED, ORANGE, house_style
from entropice.types import DataFrame

COLOURS: Final = (BLUE, ORANGE, INK)
"""One for each grid system, in the order of their names."""


def draw_figure(comparison: Comparison) -> Figure:
    """Each score of every run's map model against its number of cells, with 95 % intervals, and the seconds it took.

    A panel for each score and one for the seconds; axes of cells and seconds are logarithmic, grid systems have
    colours. The attainable limit is a grey bar where it is known; a run of which no time was noted is not in the last
    panel.
    """
    with house_style():
        figure = Figure(figsize=(9.6, 3.4), layout="constrained")
        *of_scores, of_cost = figure.subplots(1, len(SCORE_TITLES) + 1)
        for axis, (score, label) in zip(of_scores, SCORE_TITLES.items(), strict=True):
            _draw_score(axis, comparison, score)
            axis.set(title=label, xlabel="cells", xscale="log")
        _draw_cost(of_cost, comparison.runs)
        if len(comparison.runs) == 1:
            figure.suptitle("One run only: nothing to compare with", fontsize=9, color=MUTED)
    return figure


def _draw_score(axis: Axes, comparison: Comparison, score: str) -> None:
    axis.axhline(0, color=MUTED, linewidth=0.6)
    rows = comparison.skill[comparison.skill["score"] == score]
    limits = comparison.runs.merge(rows[rows["model"] == LIMIT], on="run")
    axis.plot(limits["n_cells"], limits["value"], "_", color=GREY, markersize=16, label="attainable limit")
    mapped = comparison.runs.merge(rows, left_on=["run", "map_model"], right_on=["run", "model"])
    for row, colour in zip(mapped.to_dict("records"), _colours(mapped), strict=True):
        _draw_point(axis, row, colour)
    if len(limits):
        axis.legend(fontsize=7.5, loc="best")


def _draw_point(axis: Axes, row: dict[Any, Any], colour: str) -> None:
    place = (row["n_cells"], row["value"])
    if np.isfinite(row["low_95"]):
        axis.plot([place[0]] * 2, [row["low_95"], row["high_95"]], color=colour, linewidth=0.9)
    axis.plot(*place, "o", color=colour, markersize=4.5)
    axis.annotate(row["run"], place, xytext=(5, 3), textcoords="offset points", fontsize=7.5)


def _draw_cost(axis: Axes, runs: DataFrame) -> None:
    axis.set(title="seconds of all steps", xlabel="cells")
    known = runs[runs["seconds"].notna()]
    if known.empty:
        axis.text(0.5, 0.5, "not noted", ha="center", color=MUTED, transform=axis.transAxes)
        return
    axis.set(xscale="log", yscale="log")
    for row, colour in zip(known.to_dict("records"), _colours(known), strict=True):
        _draw_point(axis, row | {"value": row["seconds"], "low_95": np.nan}, colour)


def _colours(runs: DataFrame) -> list[str]:
    systems = [str(grid).rpartition("_")[0] for grid in runs["grid"]]
    order = sorted(set(systems))
    return [COLOURS[order.index(system) % len(COLOURS)] for system in systems]
