"""Whether the skill that a run declares of its map is true."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, only, told
from entropice.report.charts.score_rows import COUNTS, INTERVAL, POINT, names_where, score_axis, where
from entropice.report.charts.theme import LIMIT, MAP_MODEL
from entropice.report.charts.wrapping import ROW_PX, rows_of
from entropice.report.figure_files import INK
from entropice.report.frames.declared_skill import DECLARED, declared_skill
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

NOT_KNOWN: Final = "True skill: not known (only in the virtual Arctic)."


def draw(frame: DataFrame, _: RunFacts) -> Specification:
    """A row for each scheme, crossed by lines at the true scores; the score is chosen.

    From the columns ``score name drawn value low_95 high_95 n_cell_years n_positive`` of `declared_skill`. Without true
    scores the title says that they are not known. Vega-Lite without data, width and look.

    Examples
    --------
    >>> import pandas as pd
    >>> draw(pd.DataFrame({"drawn": [DECLARED], "score": ["AUC"]}), None)["title"]["text"]["expr"]
    "[chosen_score, 'True skill: not known (only in the virtual Arctic).']"
    """
    true = [title for title in dict.fromkeys(frame["drawn"]) if title != DECLARED]
    scale = {"domain": [DECLARED, *true], "range": [INK, MAP_MODEL, LIMIT][: 1 + len(true)]}
    colour = {"color": name("drawn", None, scale=scale, legend={"symbolType": "circle", "symbolOpacity": 1})}
    return {
        "height": {"step": ROW_PX},
        "title": {"text": {"expr": "chosen_score" if true else f"[chosen_score, '{NOT_KNOWN}']"}},
        "params": [choice("score", "Score", frame["score"])],
        "transform": [only("score")],
        "layer": [*(_line(title, colour) for title in true), *_declared(colour), names_where("drawn", DECLARED)],
    }


def _line(title: str, colour: Specification) -> Specification:
    """A true score, across all rows."""
    tips = [name("drawn", "this is"), told("value", "score", ".3f"), *COUNTS]
    place = colour | {"x": score_axis("value"), "tooltip": tips}
    return where("drawn", title, {"type": "rule", "strokeWidth": 2, "yOffset": 0}, place)


def _declared(colour: Specification) -> list[Specification]:
    row = colour | {"y": rows_of("name")}
    interval = {"x": score_axis("low_95"), "x2": {"field": "high_95"}}
    value = {"x": score_axis("value"), "tooltip": [name("name", "cells dealt by"), *INTERVAL, *COUNTS]}
    return [
        where("drawn", DECLARED, {"type": "rule", "strokeWidth": 1.5}, row | interval),
        where("drawn", DECLARED, POINT | {"size": 60, "opacity": 1}, row | value),
    ]


DECLARED_SKILL: Final = Chart(
    "declared_skill",
    "Declared and true skill of the map",
    "Points are what out-of-fold forecasts of {map_model}, the model behind the map, declare, by how cells were dealt "
    "into folds, with 95 % intervals by bootstrap of spatial blocks. kNNDM folds mean to say how good the map is; the "
    "others answer other questions. In the virtual Arctic vertical lines are the true scores of the map: against what "
    "imaging all land in all years would have found, on all land, of which the model has seen a part, and on land that "
    "was never observed. They count everything, so they have no interval. A declared interval should hold them.",
    declared_skill,
    draw,
    needs=("scores",),
    reason="The model behind the map, {map_model}, has no scores on cells that a fit has not seen.",
)
