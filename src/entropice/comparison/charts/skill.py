"""How well the maps, and all other models, of the runs forecast what was observed on the common units."""

from itertools import cycle, islice
from typing import Any, Final

from entropice.comparison.charts.chart import ComparisonChart
from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.frames import map_skill, model_skill
from entropice.report.charts.chart import Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, OTHER_MODELS, RULE
from entropice.report.charts.wrapping import BAR_OFFSET_PX, ROW_PX, names_of, rows_of
from entropice.report.figure_files import INK
from entropice.types import DataFrame

OF_LIMIT: Final = "attainable limit"
SYSTEM_COLOURS: Final = (INK, MAP_MODEL, OTHER_MODELS[0])
"""One for each grid system, in the order of their names."""
RUN_COLOURS: Final = (INK, MAP_MODEL, LIMIT, *OTHER_MODELS[:4], *OTHER_MODELS[5:])
RUN_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross")
LINE_PX: Final = 15
SCORE: Final = "chosen score (without unit), with 95 % interval"
ZERO: Final[Specification] = {"mark": {"type": "rule"} | RULE, "encoding": {"x": {"datum": 0}}}


def draw_maps(frame: DataFrame, facts: ComparisonFacts) -> Specification:
    """A row for each run: score with its interval beside 0 and the limit, in the colour of its grid system.

    From the columns ``name system score value low_95 high_95 limit share_of_limit n_unit_years`` of `map_skill`, in
    their order; the score is chosen. The limit is in the legend only where one is known. Vega-Lite without data, width
    and look. Colours are those of `SYSTEM_COLOURS` in the order of the facts' systems; the first score is shown first.
    """
    colours = dict(zip(facts.systems, cycle(SYSTEM_COLOURS), strict=False)) | {OF_LIMIT: LIMIT}
    shown = [text for text in colours if text != OF_LIMIT or frame["limit"].notna().any()]
    place = {"y": rows_of("name"), "tooltip": _told("name", "run")}
    of_system = {"color": name("system", None, scale={"domain": shown, "range": [colours[text] for text in shown]})}
    of_limit = {"color": {"datum": OF_LIMIT, "type": "nominal"}, "x": number("limit", SCORE)}
    offset = {"yOffset": BAR_OFFSET_PX}
    return {
        "height": {"step": ROW_PX},
        "title": {"text": {"expr": "chosen_score"}},
        "params": [choice("score", "Score", frame["score"])],
        "transform": [only("score")],
        "layer": [
            ZERO,
            {"mark": {"type": "tick", "thickness": 2.5, "size": 18} | offset, "encoding": place | of_limit},
            {"mark": {"type": "rule"} | offset, "encoding": place | of_system | _interval()},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1} | offset,
             "encoding": place | of_system | {"x": number("value", SCORE)}},
            names_of("name"),
        ],
    }  # fmt: skip


def draw_models(frame: DataFrame, facts: ComparisonFacts) -> Specification:
    """A block of lines for each model, a line for each run; what is behind a map is filled.

    From the columns ``run model score value low_95 high_95 share_of_limit n_unit_years is_of_map`` of `model_skill`;
    models in the order in which they are met, runs in that of the facts; the score is chosen. Vega-Lite without data,
    width and look. Colours and shapes are those of `RUN_COLOURS` and `RUN_SHAPES`, from the first again where runs
    outnumber them; the first score is shown first.
    """
    runs = [run.name for run in facts.runs]
    models = list(dict.fromkeys(frame["model"]))
    place = {
        "y": name("model", None, sort=models, axis=None, scale={"paddingInner": 0.12}),
        "yOffset": name("run", None, sort=None, scale={"domain": ["", *runs]}),
    }
    colour = {"color": name("run", None, scale=_scale(runs, RUN_COLOURS))}
    shape = {"shape": name("run", None, scale=_scale(runs, RUN_SHAPES))}
    point = {"x": number("value", SCORE), "tooltip": _told("run", "run")} | colour | shape
    return {
        "height": {"step": LINE_PX},
        "title": {"text": {"expr": "chosen_score"}},
        "params": [choice("score", "Score", frame["score"])],
        "transform": [only("score")],
        "layer": [
            ZERO,
            {"mark": {"type": "rule"}, "encoding": place | colour | _interval()},
            {"mark": {"type": "point", "size": 50, "opacity": 1}, "encoding": place | point},
            {"transform": [{"filter": "datum.is_of_map"}], "mark": {"type": "point", "size": 50, "filled": True,
             "opacity": 1}, "encoding": place | point},
            _names(place),
        ],
    }  # fmt: skip


def _scale(runs: list[str], values: tuple[str, ...]) -> dict[str, Any]:
    return {"domain": runs, "range": list(islice(cycle(values), len(runs)))}


def _names(place: Specification) -> Specification:
    """Names of models above their lines."""
    return {
        "transform": [
            {"aggregate": [{"op": "count", "as": "n"}], "groupby": ["model"]},
            {"calculate": "''", "as": "run"},
        ],
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11, "color": INK},
        "encoding": place | {"x": {"value": 0}, "text": name("model", None)},
    }


def _interval() -> Specification:
    return {"x": number("low_95", SCORE), "x2": {"field": "high_95"}}


def _told(field: str, title: str) -> list[dict[str, Any]]:
    return [
        name(field, title), told("value", "score", ".3f"), told("low_95", "95 % from", ".3f"),
        told("high_95", "to", ".3f"), told("share_of_limit", "share of the limit", ".0%"),
        told("n_unit_years", "units and years", ",d"),
    ]  # fmt: skip


MAP_SKILL: Final = ComparisonChart(
    "map_skill",
    "Skill of the maps",
    "Each run's map model, out of fold under spatial folds, on the units and years that all runs have tested, by grid "
    "system and level. Skill is 1 − deviance / deviance of the training prevalence: 0 is no better than the "
    "prevalence, 1 is perfect. Lines: 95 % intervals by bootstrap of blocks of units. Blue marks: the attainable "
    "limit, on the run's own cells. Intervals say how sure each score is; whether two runs differ is told by their "
    "paired differences.",
    map_skill,
    draw_maps,
    needs=("skill",),
)

MODEL_SKILL: Final = ComparisonChart(
    "model_skill",
    "Skill of every model of every run",
    "All models of all runs, forecasting the same units and years out of fold under spatial folds; filled marks are "
    "behind the maps. Lines: 95 % intervals by bootstrap of blocks of units.",
    model_skill,
    draw_models,
    needs=("skill",),
)
