"""Every score of every model in each fold, beside that of all folds together."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.score_rows import COUNTS, INTERVAL, POINT, names_where, score_axis, where
from entropice.report.charts.theme import LIMIT
from entropice.report.charts.wrapping import ROW_PX, rows_of
from entropice.report.figure_files import INK
from entropice.report.frames.fold_scores import fold_score_values
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

FOLD: Final = "one fold"
TOGETHER: Final = "all folds together, with 95 % interval"
COLOUR: Final = {"scale": {"domain": [FOLD, TOGETHER], "range": [LIMIT, INK]}, "legend": {"symbolOpacity": 1}}
PLACE: Final[Specification] = {"y": rows_of("name"), "color": name("drawn", None, **COLOUR)}


def draw(frame: DataFrame, _: RunFacts) -> Specification:
    """A row for each model: points for folds, and one with its interval for all; score and scheme are chosen.

    From the columns ``score scheme model name fold value low_95 high_95 gap n_cell_years n_positive`` of
    `fold_score_values`; rows without ``fold`` are of all folds together. A gap that is 0 or unknown is not written.
    Vega-Lite without data, width and look.
    """
    drawn = {"calculate": f"isValid(datum.fold) ? '{FOLD}' : '{TOGETHER}'", "as": "drawn"}
    return {
        "height": {"step": ROW_PX},
        "title": {"text": {"expr": "[chosen_score, chosen_scheme]"}},
        "params": [_choice(frame, "scheme", "Folds"), _choice(frame, "score", "Score")],
        "transform": [only("scheme"), only("score"), drawn],
        "layer": [*_of_all(), _of_folds(), _gaps(), names_where("drawn", TOGETHER)],
    }


def _choice(frame: DataFrame, field: str, label: str) -> Specification:
    return choice(field, label, frame[field])


def _of_all() -> list[Specification]:
    tips = [name("model", "model"), *INTERVAL, told("gap", "beyond the first scheme", "+.3f"), *COUNTS]
    interval = {"x": score_axis("low_95"), "x2": {"field": "high_95"}}
    value = {"x": score_axis("value"), "tooltip": tips}
    return [
        where("drawn", TOGETHER, {"type": "rule", "strokeWidth": 1.5}, PLACE | interval),
        where("drawn", TOGETHER, POINT | {"size": 60, "opacity": 1}, PLACE | value),
    ]


def _of_folds() -> Specification:
    tips = [name("model", "model"), name("fold", "fold"), told("value", "score", ".3f"), *COUNTS]
    value = {"x": score_axis("value"), "tooltip": tips}
    return where("drawn", FOLD, POINT | {"size": 50, "opacity": 0.65}, PLACE | value)


def _gaps() -> Specification:
    """What a scheme adds to the first, at the right end of the row."""
    place = {"y": PLACE["y"], "x": {"value": "width"}, "text": number("gap", None, format="+.2f")}
    text = where("drawn", TOGETHER, {"type": "text", "align": "right"}, place)
    return text | {"transform": [*text["transform"], {"filter": "datum.gap !== 0 && isValid(datum.gap)"}]}


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
