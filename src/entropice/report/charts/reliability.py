"""Whether forecast probabilities happen as often as they say."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import CLICK_MODELS, by_legend, choice, model_colours, name, number, only, told
from entropice.report.charts.theme import PERCENT, RULE
from entropice.report.frames.reliability import ANY_SLUMP, reliability_curves
from entropice.report.run_tables import RunFacts
from entropice.report.shares import BAYES_LIMIT
from entropice.types import DataFrame


def draw(frame: DataFrame, facts: RunFacts) -> Specification:
    """Frequency against forecast by model, with intervals; the event is chosen, models by the legend.

    From the columns ``event model forecast frequency low_95 high_95 n`` of `reliability_curves`, shares in 0..1. Any
    slump, and the models of the map and the limit, are shown to begin with. Vega-Lite without data, width and look.
    """
    found = set(frame["model"])
    titles = [title for title in facts.model_titles.values() if title in found]
    shown = [title for title in (facts.map_model_title, facts.model_titles.get(BAYES_LIMIT, "")) if title in found]
    curve = {
        "x": _axes("forecast")["x"],
        "y": _axes("frequency")["y"],
        "color": name("model", None, scale=model_colours(facts, titles)),
        "opacity": {"condition": {"param": "models", "value": 1}, "value": 0.08},
        "tooltip": [
            name("model", "model"), told("forecast", "mean forecast", ".1%"), told("frequency", "happened", ".1%"),
            told("low_95", "95 % from", ".1%"), told("high_95", "to", ".1%"), told("n", "cells and years", ",d"),
        ],
    }  # fmt: skip
    interval = curve | {"y": _axes("low_95")["y"], "y2": {"field": "high_95"}}
    return {
        "height": 340,
        "params": [choice("event", "Event", frame["event"], ANY_SLUMP)],
        "transform": [only("event")],
        "layer": [
            _diagonal(),
            {
                "mark": {"type": "line", "point": {"size": 42}},
                "encoding": curve,
                "params": [by_legend("models", "model", shown)],
            },
            {"mark": {"type": "rule"}, "encoding": interval},
        ],
    }


def _axes(field: str) -> Specification:
    """The field as a channel of either axis."""
    titles = {"x": "forecast probability", "y": "observed frequency, with 95 % interval"}
    return {axis: number(field, title, axis=PERCENT) for axis, title in titles.items()}


def _diagonal() -> Specification:
    """Where forecast and frequency are the same, as far as the forecasts go."""
    ends = [
        {"aggregate": [{"op": "max", "field": "forecast", "as": "top"}]},
        {"calculate": "[0, datum.top]", "as": "at"},
        {"flatten": ["at"]},
    ]
    return {"transform": ends, "mark": {"type": "line"} | RULE, "encoding": _axes("at")}


RELIABILITY: Final = Chart(
    "reliability",
    "Reliability",
    "Of the cells given a probability, how many had slumps? Forecasts out of fold, in bins of equal count; {map_model} "
    "is the model behind the map. On the dashed line forecasts come true as often as they say. Intervals are Wilson's, "
    "which take cells as independent and are therefore too short.",
    reliability_curves,
    draw,
    needs=("out_of_fold",),
    reason="Without forecasts of cells that a fit has not seen nothing can be checked.",
    on_screen=CLICK_MODELS,
)
