"""What imaging the most probable cells first would find, and how many of the images show slumps."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import CLICK_MODELS, by_legend, choice, model_colours, name, number, only, told
from entropice.report.charts.theme import HALO, PERCENT, RULE
from entropice.report.figure_files import INK
from entropice.report.frames.finding import TARGET, gain_curves, precision_curves
from entropice.report.frames.forecasts import titles_in_order
from entropice.report.run_tables import RunFacts
from entropice.report.shares import BAYES_LIMIT
from entropice.types import DataFrame

AREA: Final = "land imaged, most probable cells first (% of the tested land)"
FOUND: Final = "found (% of all)"
RECALL: Final = "recall: cells with slumps found (% of all)"
PRECISION: Final = "precision: images with slumps (%)"
LINE_OF_SHARE: Final = 0.045
"""Height of a line of text, as a share of the chart's."""


def draw_gain(frame: DataFrame, facts: RunFacts) -> Specification:
    """Curves of models beside chance, with the area at the target read off; what is found is chosen.

    From the columns ``model found area share is_target`` of `gain_curves`, shares in 0..1. Rows of ``is_target`` are
    the points, and are told in words; the legend shows or hides models, that of the map and the limit to begin with.
    Vega-Lite without data, width and look.
    """
    colour, selection = _models(frame, facts)
    axes = {"x": number("area", AREA, axis=PERCENT), "y": number("share", FOUND, axis=PERCENT)}
    lines = [name("model", "model"), told("area", "land imaged", ".1%"), told("share", "found", ".1%")]
    target = [{"filter": "datum.is_target"}]
    curve = axes | colour | {"tooltip": lines}
    return {
        "height": 340,
        "params": [choice("found", "Found", frame["found"])],
        "transform": [only("found")],
        "layer": [
            _line([(0, 0), (1, 1)], AREA, FOUND),
            _line([(0, TARGET), (1, TARGET)], AREA, FOUND),
            {"transform": [{"filter": "!datum.is_target"}], "mark": {"type": "line"}, "encoding": curve,
             "params": [selection]},
            {"transform": target, "mark": {"type": "point", "filled": True, "size": 60}, "encoding": curve},
            _targets(target, axes["y"], colour["color"]),
        ],
    }  # fmt: skip


def _targets(target: list[Specification], y: Specification, colour: Specification) -> Specification:
    """The area at the target of every model shown, line by line below the diagonal, least on top."""
    lines: list[Specification] = [
        *target,
        {"filter": {"param": "models"}},
        {"window": [{"op": "row_number", "as": "line"}], "sort": [{"field": "area", "order": "descending"}]},
        {"calculate": f"(datum.line - 0.5) * {LINE_OF_SHARE}", "as": "height"},
        {"calculate": "datum.model + ': ' + format(datum.area, '.0%')", "as": "told"},
    ]
    text = {"type": "text", "align": "right", "dx": -4}
    place = {"x": {"value": "width"}, "y": y | {"field": "height"}, "text": name("told", None)}
    return {
        "transform": lines,
        "encoding": place,
        "layer": [{"mark": text | HALO}, {"mark": text, "encoding": {"color": colour}}],
    }


def draw_precision(frame: DataFrame, facts: RunFacts) -> Specification:
    """Curves of models above the prevalence, which chance has.

    From the columns ``model recall precision lift prevalence`` of `precision_curves`, at least one row; the prevalence
    is that of the first. The legend shows or hides models. Vega-Lite without data, width and look.

    Raises
    ------
    IndexError
        There is no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(model_titles={"espa": "eSPA"}, map_model_title="eSPA")
    >>> drawn = draw_precision(pd.DataFrame({"model": ["eSPA"], "prevalence": [0.125]}), facts)
    >>> drawn["layer"][1]["data"]["values"]
    [{'text': 'prevalence 12.5 %: lift 1'}]
    """
    colour, selection = _models(frame, facts)
    axes = {"x": number("recall", RECALL, axis=PERCENT), "y": number("precision", PRECISION, axis=PERCENT)}
    lines = [name("model", "model"), told("recall", "recall", ".0%"), told("precision", "precision", ".1%"),
             told("lift", "lift (times the prevalence)", ".2f")]  # fmt: skip
    prevalence = float(frame["prevalence"].iloc[0])
    chance = {"text": f"prevalence {100 * prevalence:.3g} %: lift 1"}
    return {
        "height": 340,
        "layer": [
            _line([(0, prevalence), (1, prevalence)], RECALL, PRECISION),
            {"data": {"values": [chance]}, "mark": {"type": "text", "align": "left", "dx": 4, "dy": 9, "fill": INK},
             "encoding": {"x": {"datum": 0}, "y": {"datum": prevalence}, "text": name("text", None)}},
            {"mark": {"type": "line"}, "encoding": axes | colour | {"tooltip": lines}, "params": [selection]},
        ],
    }  # fmt: skip


def _models(frame: DataFrame, facts: RunFacts) -> tuple[Specification, Specification]:
    """Colours of the models, and the selection by the legend that begins with that of the map and the limit."""
    titles = titles_in_order(facts, frame)
    shown = [title for title in (facts.map_model_title, facts.model_titles.get(BAYES_LIMIT, "")) if title in titles]
    colour = {
        "color": name("model", None, scale=model_colours(facts, titles)),
        "opacity": {"condition": {"param": "models", "value": 1}, "value": 0.08},
    }
    return colour, by_legend("models", "model", shown)


def _line(ends: list[tuple[float, float]], x: str, y: str) -> Specification:
    return {
        "data": {"values": [{"x": at, "y": value} for at, value in ends]},
        "mark": {"type": "line"} | RULE,
        "encoding": {"x": number("x", x, axis=PERCENT), "y": number("y", y, axis=PERCENT)},
    }


GAIN: Final = Chart(
    "gain",
    f"Area to image to find {TARGET:.0%} of the slumps".replace("%", " %"),
    "Were cells imaged in the order of their probability out of fold, under the first scheme: the share of the tested "
    "land imaged, and the share found. The dashed diagonal is chance, the dashed line across the target; points, and "
    "the numbers below, are the land to image for it. The model behind the map is {map_model}. Curves are without "
    "intervals; that of the area stands among the scores.",
    gain_curves,
    draw_gain,
    needs=("out_of_fold", "cells"),
    reason="Nothing can be found where no cell that was tested has slumps.",
    on_screen=CLICK_MODELS,
)

PRECISION_RECALL: Final = Chart(
    "precision_recall",
    "Precision and recall",
    "The same order of cells: how many of the images show slumps, by how many of the cells with slumps have been "
    "found. The dashed line is the prevalence, which a random order has; lift is precision over prevalence. "
    "Curves are without intervals; those of PR-AUC and precision stand among the scores.",
    precision_curves,
    draw_precision,
    needs=("out_of_fold",),
    reason="Nothing can be found where no cell that was tested has slumps.",
    on_screen=CLICK_MODELS,
)
