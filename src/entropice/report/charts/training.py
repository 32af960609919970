"""What models have learned from."""

from itertools import pairwise
from typing import Any, Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import RULE
from entropice.report.charts.wrapping import chosen_as_axis_title, names_of, rows_of
from entropice.report.figure_files import BLUE, GREY, INK
from entropice.report.frames.cell_years import M2_PER_KM2
from entropice.report.frames.features import ALL_ROWS, feature_distributions, feature_gaps
from entropice.report.frames.labels import density_bins, label_counts
from entropice.report.palettes import STATE_COLOURS, STATE_LABELS, class_colours
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

ROW_PX: Final = 17
GAP_ROW_PX: Final = 36
"""Two lines of a name, and a thin bar below them."""


def draw_labels(_: DataFrame, __: RunFacts) -> Specification:
    """Stacked counts of cells, a bar for each region and year.

    From the columns ``region year state n`` of `label_counts`, in their order. Vega-Lite without data, width and look.
    """
    colours = {"domain": list(STATE_LABELS.values()), "range": list(STATE_COLOURS.values())}
    return {
        "height": {"step": ROW_PX},
        "transform": [{"calculate": "datum.region + '° · ' + datum.year", "as": "place"}],
        "mark": "bar",
        "encoding": {
            "y": name("place", "longitude and year", sort=None),
            "x": number("n", "cells"),
            "color": name("state", None, scale=colours),
            "order": {"field": "state", "type": "nominal"},
            "tooltip": [
                name("region", "longitude (°)"), name("year", "year"), name("state", "state"), told("n", "cells", ",d"),
            ],
        },
    }  # fmt: skip


LABELS: Final = Chart(
    "labels",
    "What was seen where",
    "Cells by sector of longitude and year. Models learn from cells that were observed, with or without slumps; an "
    "unobserved cell is unknown and never counts as one without slumps. Counts, which have no interval.",
    label_counts,
    draw_labels,
    needs=("cells",),
    reason="Without cells there is nothing to count.",
)


def draw_densities(frame: DataFrame, facts: RunFacts) -> Specification:
    """A histogram on a logarithmic axis; edges of classes are rules, named between them.

    From the columns ``low high n`` of `density_bins` (m² per km²), at least one row; the run's edges, slump area per
    land area, are turned into that unit. Vega-Lite without data, width and look.

    Examples
    --------
    Names of classes stand at the geometric mean of their bounds, here of 1 and 100 m² per km²:

    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> bins = pd.DataFrame({"low": [1.0], "high": [100.0], "n": [3]})
    >>> drawn = draw_densities(bins, SimpleNamespace(class_edges=(), class_names=("none", "some")))
    >>> drawn["layer"][2]["data"]["values"]
    [{'class_': 'some', 'at': 10.0}]
    """
    log = {"scale": {"type": "log", "nice": False}, "axis": {"format": "~g", "labelOverlap": True, "tickCount": 5}}
    title = "slump area per observed land area (m² per km²)"
    bars = {
        "mark": {"type": "rect", "color": GREY, "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "x": number("low", title, **log),
            "x2": {"field": "high"},
            "y": number("n", "cells and years with slumps"),
            "y2": {"datum": 0},
            "tooltip": [told("low", "from (m² per km²)"), told("high", "to"), told("n", "cells and years", ",d")],
        },
    }
    edges = [M2_PER_KM2 * edge for edge in facts.class_edges]
    rules = {
        "data": {"values": [{"edge": edge} for edge in edges]},
        "mark": {"type": "rule"} | RULE | {"stroke": INK},
        "encoding": {"x": number("edge", title), "tooltip": [told("edge", "edge of classes (m² per km²)")]},
    }
    names = {
        "data": {"values": _class_places(frame, edges, facts)},
        "mark": {"type": "text", "baseline": "bottom", "fontWeight": "bold", "color": INK},
        "encoding": {"x": number("at", title), "y": {"value": -4}, "text": name("class_", None)},
    }
    return {"height": 220, "layer": [bars, rules, names]}


def _class_places(frame: DataFrame, edges: list[float], facts: RunFacts) -> list[dict[str, Any]]:
    """The name of each class with slumps, in the middle of what is seen of it."""
    ends = [float(frame["low"].min()), *edges, float(frame["high"].max())]
    # The geometric mean is the middle on a logarithmic axis.
    middles = [(low * high) ** 0.5 for low, high in pairwise(ends)]
    return [{"class_": text, "at": at} for text, at in zip(facts.class_names[1:], middles, strict=False)]


DENSITIES: Final = Chart(
    "densities",
    "How dense slumps are",
    "Observed cells and years with slumps by the area of slumps per observed land area, on a logarithmic axis. Dashed "
    "lines are the edges between the classes named above them; cells without slumps make up the class below and are "
    "not drawn. Counts, which have no interval.",
    density_bins,
    draw_densities,
    needs=("cells",),
    reason="No cell was observed with slumps of known area, or the run does not keep their density.",
)


def draw_features(frame: DataFrame, _: RunFacts) -> Specification:
    """A bar for each feature of a group: where it is unknown; the group is chosen.

    From the columns ``group feature source years missing_percent`` of `feature_gaps`, in their order. Vega-Lite without
    data, width and look.
    """
    bars = {
        "y": rows_of("feature"),
        "x": number("missing_percent", "unknown in (% of training rows)", scale={"domain": [0, 100]}),
        "tooltip": [
            name("feature", "feature"), name("source", "source"), name("years", "years"),
            told("missing_percent", "unknown (%)"),
        ],
    }  # fmt: skip
    return {
        "height": {"step": GAP_ROW_PX},
        "params": [choice("group", "Kind of data", frame["group"])],
        "transform": [only("group")],
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "height": 6, "yOffset": 11}, "encoding": bars},
            names_of("feature", -11),
        ],
    }


FEATURES: Final = Chart(
    "features",
    "What is known of every place",
    "Every feature of a kind of data with its unit, and the share of training rows (observed cells and years) in which "
    "it is unknown; a feature without a bar is always known. In the years, y is the label year. Shares of all training "
    "rows, which have no interval.",
    feature_gaps,
    draw_features,
    needs=("features", "feature_histograms"),
    reason="No feature has a value where something was observed.",
)


def draw_distributions(frame: DataFrame, facts: RunFacts) -> Specification:
    """Bars of all training rows and a line for each class, of one feature, which is chosen.

    From the columns ``feature rows low high n percent`` of `feature_distributions`; a class that has no rows is not in
    the legend. Vega-Lite without data, width and look.
    """
    share = "part of the training rows of a kind (%)"
    found = set(frame["rows"])
    colours = {ALL_ROWS: "#c9c9c9"} | class_colours(facts.class_names) | {facts.class_names[0]: BLUE}
    shown = [rows for rows in colours if rows in found]
    scale = {"domain": shown, "range": [colours[rows] for rows in shown]}
    colour = name("rows", None, scale=scale, legend={"orient": "top"})
    tooltip = [
        name("rows", "rows"), told("low", "from"), told("high", "to"), told("n", "rows in the bin", ",d"),
        told("percent", "part (%)"),
    ]  # fmt: skip
    told_by = {"color": colour, "tooltip": tooltip}
    bars = {
        "transform": [{"filter": {"field": "rows", "equal": ALL_ROWS}}],
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "x": _value("low"),
            "x2": {"field": "high"},
            "y": number("percent", share),
            "y2": {"datum": 0},
            **told_by,
        },
    }
    curves = {
        "transform": [
            {"filter": {"not": {"field": "rows", "equal": ALL_ROWS}}},
            {"calculate": "(datum.low + datum.high) / 2", "as": "middle"},
        ],
        "mark": {"type": "line", "point": {"size": 22}, "strokeWidth": 2},
        "encoding": {"x": _value("middle"), "y": number("percent", share), **told_by},
    }
    return {
        "height": 260,
        "title": chosen_as_axis_title("feature"),
        "params": [choice("feature", "Feature", frame["feature"])],
        "transform": [only("feature")],
        "layer": [bars, curves],
    }


def _value(field: str) -> dict[str, Any]:
    """A value of the chosen feature; the title stands below the axis."""
    return number(field, None, scale={"zero": False, "nice": False}, axis={"labelOverlap": True})


DISTRIBUTIONS: Final = Chart(
    "feature_distributions",
    "How features are distributed",
    "Bars: training rows (observed cells and years) by the value of the chosen feature. Lines: the same for the rows "
    "of each observed class, of the features that drive most cells, whose values the run keeps; where the lines part, "
    "the feature tells classes apart. The outermost bins take the 1 % beyond either end. Parts of all rows, which have "
    "no interval.",
    feature_distributions,
    draw_distributions,
    needs=("features", "feature_histograms"),
    reason="No feature has a value where something was observed.",
)
