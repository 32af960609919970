"""Every score of every model in each fold, beside that of all folds together."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import LIMIT
from entropice.report.charts.wrapping import ROW_PX, names_of, rows_of
from entropice.report.figure_files import INK
from entropice.report.frames.fold_scores import fold_score_values
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

FOLD: Final = "one fold"
TOGETHER: Final = "all folds together, with 95 % interval"
NAME_PX: Final = -17
BELOW_NAME_PX: Final = 3
AXIS_TITLE: Final = "chosen score (without unit)"
POINT: Final[Specification] = {"type": "point", "filled": True}
COLOUR: Final = {"scale": {"domain": [FOLD, TOGETHER], "range": [LIMIT, INK]}, "legend": {"symbolOpacity": 1}}
PLACE: Final[Specification] = {"y": rows_of("name"), "color": name("drawn", None, **COLOUR)}
COUNTS: Final = (told("n_cell_years", "cells and years", ",d"), told("n_positive", "with slumps", ",d"))


def draw(frame: DataFrame, _: RunFacts) -> Specification:
    """A row for each model: points for folds, and one with its interval for all; score and scheme are chosen."""
    drawn = {"calculate": f"isValid(datum.fold) ? '{FOLD}' : '{TOGETHER}'", "as": "drawn"}
    return {
        "height": {"step": ROW_PX},
        "title": {"text": {"expr": "[chosen_score, chosen_scheme]"}},
        "params": [_choice(frame, "scheme", "Folds"), _choice(frame, "score", "Score")],
        "transform": [only("scheme"), only("score"), drawn],
        "layer": [*_of_all(), _of_folds(), _gaps(), names_of("name", NAME_PX)],
    }


def _of_all() -> list[Specification]:
    tips = [
        name("model", "model"), told("value", "score", ".3f"), told("low_95", "95 % from", ".3f"),
        told("high_95", "to", ".3f"), told("gap", "beyond the first scheme", "+.3f"), *COUNTS,
    ]  # fmt: skip
    interval = {"x": _value("low_95"), "x2": {"field": "high_95"}}
    return [
        _layer(TOGETHER, {"type": "rule", "strokeWidth": 1.5}, PLACE | interval),
        _layer(TOGETHER, POINT | {"size": 60, "opacity": 1}, PLACE | {"x": _value("value"), "tooltip": tips}),
    ]


def _of_folds() -> Specification:
    tips = [name("model", "model"), name("fold", "fold"), told("value", "score", ".3f"), *COUNTS]
    return _layer(FOLD, POINT | {"size": 50, "opacity": 0.65}, PLACE | {"x": _value("value"), "tooltip": tips})


def _gaps() -> Specification:
    """What a scheme adds to the first, at the right end of the row."""
    place = {"y": PLACE["y"], "x": {"value": "width"}, "text": number("gap", None, format="+.2f")}
    text = _layer(TOGETHER, {"type": "text", "align": "right"}, place)
    return text | {"transform": [*text["transform"], {"filter": "datum.gap !== 0 && isValid(datum.gap)"}]}


def _layer(drawn: str, mark: Specification, encoding: Specification) -> Specification:
    only_these = {"filter": {"field": "drawn", "equal": drawn}}
    return {"transform": [only_these], "mark": mark | {"yOffset": BELOW_NAME_PX}, "encoding": encoding}


def _value(field: str) -> Specification:
    return number(field, AXIS_TITLE, scale={"zero": False})


def _choice(frame: DataFrame, field: str, label: str) -> Specification:
    return choice(field, label, list(dict.fromkeys(frame[field])))


FOLD_SCORES: Final = Chart(
    "fold_scores",
    "Scores fold by fold",
    "Blue points are the score of each fold by itself, without intervals; black is that of all folds together, with "
    "its 95 % interval by bootstrap of spatial blocks. Folds that scatter widely say that skill depends on where one "
    "looks. At the right stands what the chosen way to deal folds adds to the first one; random folds come last, and "
    "what they add is what neighbours give away. A fold in which a score is not defined is named with the reason. The "
    "model behind the map is {map_model}.",
    fold_score_values,
    draw,
    needs=("scores", "fold_scores"),
    reason="Run folders of earlier versions lack scores fold by fold: make the run again.",
)
