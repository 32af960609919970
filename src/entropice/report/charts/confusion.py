"""Which class was most probable where which class was observed."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.figure_files import INK
from entropice.report.frames.confusion import confusion
from entropice.report.frames.forecasts import titles_in_order
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

DARK: Final = 0.55
"""Shares above it are written in white."""


def draw(frame: DataFrame, facts: RunFacts) -> Specification:
    """A field for each pair of classes, with its count and its share of the row; the model is chosen.

    From the columns ``model observed forecast n share`` of `confusion`, at least one row: observed classes are rows,
    most probable ones columns, both in the order of the run. The model of the map is shown first, where it is among
    them. Vega-Lite without data, width and look.

    Examples
    --------
    The model of the map is shown first, where it has forecasts:

    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> titles = {"forest": "Forest", "espa": "eSPA"}
    >>> facts = SimpleNamespace(model_titles=titles, map_model_title="eSPA", class_names=("none", "some"))
    >>> frames = pd.DataFrame({"model": ["Forest", "eSPA"]}), pd.DataFrame({"model": ["Forest"]})
    >>> [draw(frame, facts)["params"][0]["value"] for frame in frames]
    ['eSPA', 'Forest']
    """
    titles = titles_in_order(facts, frame)
    first = facts.map_model_title if facts.map_model_title in titles else titles[0]
    classes = list(facts.class_names)
    axes = {
        "x": name("forecast", "most probable class out of fold", sort=classes, axis={"labelAngle": 0}),
        "y": name("observed", "observed class", sort=classes),
    }
    ink = {"color": {"condition": {"test": f"datum.share > {DARK}", "value": "white"}, "value": INK}}
    key = {"format": ".0%", "tickCount": 3}
    scale = {"domain": [0, 1], "scheme": "blues"}
    shade = number("share", "share of the observed class", scale=scale, legend=key)
    tips = [
        name("observed", "observed"), name("forecast", "most probable"), told("n", "cells and years", ",d"),
        told("share", "share of the observed class", ".1%"),
    ]  # fmt: skip
    return {
        "height": {"step": 52},
        "title": {"text": {"expr": "chosen_model"}},
        "params": [choice("model", "Model", titles, first)],
        "transform": [only("model")],
        "layer": [
            {"mark": "rect", "encoding": axes | {"color": shade, "tooltip": tips}},
            _text(axes | ink, "share", ".0%", {"dy": -8, "fontSize": 13}),
            _text(axes | ink, "n", ",d", {"dy": 9, "fontSize": 11}),
        ],
    }


def _text(encoding: Specification, field: str, form: str, look: Specification) -> Specification:
    return {"mark": {"type": "text"} | look, "encoding": encoding | {"text": number(field, None, format=form)}}


CONFUSION: Final = Chart(
    "confusion",
    "Observed and most probable class",
    "Of the cells and years of each observed class (rows), the share, and below it the number, for which each class "
    "was the most probable out of fold, under the first scheme. A rare class is seldom the most probable one, even "
    "where its probability is right. Counts are without intervals. The model behind the map is {map_model}.",
    confusion,
    draw,
    needs=("out_of_fold",),
    reason="Without forecasts of cells that a fit has not seen nothing can be checked.",
)
