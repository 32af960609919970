"""Why the model says what it says."""

from typing import Any, Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import choice, name, number, only, told
from entropice.report.charts.theme import RULE
from entropice.report.charts.wrapping import BAR_OFFSET_PX, ROW_PX, chosen_as_axis_title, names_of, rows_of
from entropice.report.figure_files import BLUE, GREY, INK, MUTED, ORANGE
from entropice.report.frames.drivers import (
    DRIVER,
    NO_EVIDENCE,
    box_profiles,
    cluster_members,
    importances,
    response_curves,
)
from entropice.report.palettes import CATEGORIES
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

NULL: Final = "null: 95 % of turned copies lie below"
RUG_HEIGHT: Final = 7
"""Heights of the fullest bin of training rows in the height of the chart."""


def draw_importances(frame: DataFrame, _: RunFacts) -> Specification:
    """Bars with their intervals, beside the 95 % quantile of the null; which sets are shown is chosen.

    From the columns ``sets name group n_features importance low_95 high_95 null_q95 q_value finding`` of `importances`,
    in their order; blue where a set is a driver, else grey. Vega-Lite without data, width and look.
    """
    title = "rise of the log loss out of fold (nats), with 95 % interval"
    colours = {"domain": [DRIVER, NO_EVIDENCE, NULL], "range": [BLUE, GREY, ORANGE]}
    place = {
        "y": rows_of("name"),
        "tooltip": [
            name("name", "most typical feature"), name("group", "kind of data"), told("n_features", "features", "d"),
            told("importance", "importance (nats)"), told("low_95", "95 % from"), told("high_95", "to"),
            told("null_q95", "null, 95 %"), told("q_value", "false discovery rate"), name("finding", "this is"),
        ],
    }  # fmt: skip
    bars = place | {"x": number("importance", title), "color": name("finding", None, scale=colours)}
    intervals = place | {"x": number("low_95", title), "x2": {"field": "high_95"}}
    nulls = place | {"x": number("null_q95", title), "color": {"datum": NULL, "type": "nominal"}}
    return {
        "height": {"step": ROW_PX},
        "params": [choice("sets", "Show", frame["sets"])],
        "transform": [only("sets")],
        "layer": [
            {"mark": {"type": "bar", "height": 12, "yOffset": BAR_OFFSET_PX}, "encoding": bars},
            {"mark": {"type": "rule", "color": INK, "yOffset": BAR_OFFSET_PX}, "encoding": intervals},
            {"mark": {"type": "tick", "thickness": 2.5, "size": 18, "yOffset": BAR_OFFSET_PX}, "encoding": nulls},
            names_of("name"),
        ],
    }


IMPORTANCES: Final = Chart(
    "importances",
    "What features are worth",
    "How much the log loss of {map_model}, the model behind the map, rises out of fold when the features of a set are "
    "shuffled among cells; a cluster is named by its most typical feature and the number of others. Thin lines: 95 % "
    "interval by bootstrap of spatial blocks. Orange marks: the 95 % quantile of the same importance of turned copies, "
    "the same layers turned about the pole or the middle of the region, so that they mean nothing. Drivers exceed them "
    "at a false discovery rate of 10 %; grey bars are no evidence. Features that say the same share their credit, and "
    "a layer that follows a driver may be credited in its place.",
    importances,
    draw_importances,
    needs=("drivers",),
    reason="The model behind the map, {map_model}, sees no feature.",
)


def draw_clusters(frame: DataFrame, _: RunFacts) -> Specification:
    """A square for each feature in the row of its cluster.

    From the columns ``cluster group place feature`` of `cluster_members`, in their order; colours are those of the
    groups by name, seven in turn. Vega-Lite without data, width and look.

    Examples
    --------
    >>> import pandas as pd
    >>> drawn = draw_clusters(pd.DataFrame({"group": ["terrain", "climate"]}), None)
    >>> drawn["layer"][0]["encoding"]["color"]["scale"]["domain"]
    ['climate', 'terrain']
    """
    groups = sorted(set(frame["group"]))
    colours = {"domain": groups, "range": [CATEGORIES[place % len(CATEGORIES)] for place in range(len(groups))]}
    squares = {
        "transform": [{"calculate": "datum.place - 1", "as": "left"}],
        "mark": {"type": "bar", "height": 14, "stroke": "white", "strokeWidth": 0.5, "yOffset": BAR_OFFSET_PX},
        "encoding": {
            "y": rows_of("cluster"),
            "x": number("left", "features in the cluster"),
            "x2": {"field": "place"},
            "color": name("group", None, scale=colours),
            "tooltip": [name("feature", "feature"), name("cluster", "cluster of"), name("group", "kind of data")],
        },
    }
    return {"height": {"step": ROW_PX}, "layer": [squares, names_of("cluster")]}


CLUSTERS: Final = Chart(
    "clusters",
    "Which features say much the same",
    "Features that rise and fall together are one cluster, since no data can tell which of them matters. A cluster is "
    "named by its most typical feature and the number of others, the most important on top. Counts, which have no "
    "interval.",
    cluster_members,
    draw_clusters,
    needs=("drivers", "features"),
    reason="The model behind the map, {map_model}, sees no feature.",
    on_screen="Point at a square to see which feature it is.",
)


def draw_responses(frame: DataFrame, _: RunFacts) -> Specification:
    """The curve of a cluster with its band, and where training rows lie at the foot; the cluster is chosen.

    From the columns ``features value effect_points low_90 high_90 n finding low high percent`` of `response_curves`:
    rows with ``value`` are points of a curve, rows with ``percent`` bins of training rows, the fullest a seventh of the
    height. Vega-Lite without data, width and look.
    """
    options = list(dict.fromkeys(frame["features"]))
    scale = {"domain": [DRIVER, NO_EVIDENCE], "range": [BLUE, MUTED]}
    colour = name("finding", None, scale=scale, legend={"orient": "top"})
    tooltip = [
        told("value", "value"), told("effect_points", "effect (points)"), told("low_90", "90 % from"),
        told("high_90", "to"), told("n", "training rows", ",d"), name("finding", "this is"),
    ]  # fmt: skip
    curve = {"x": _value("value"), "color": colour, "tooltip": tooltip}
    band = {"y": _effect("low_90"), "y2": {"field": "high_90"}}
    is_point = {"transform": [{"filter": "isValid(datum.value)"}]}
    return {
        "height": 280,
        "title": chosen_as_axis_title("features"),
        "params": [choice("features", "Cluster of", options)],
        "transform": [only("features")],
        "resolve": {"scale": {"y": "independent"}},
        "layer": [
            _rug(),
            is_point
            | {
                "layer": [
                    {"mark": {"type": "rule"} | RULE, "encoding": {"y": {"datum": 0}}},
                    {"mark": {"type": "area", "opacity": 0.2}, "encoding": curve | band},
                    {
                        "mark": {"type": "line", "point": {"size": 30}, "strokeWidth": 2},
                        "encoding": curve | {"y": _effect("effect_points")},
                    },
                ]
            },
        ],
    }


def _value(field: str) -> dict[str, Any]:
    """A value of the most typical feature; the title stands below the axis."""
    return number(field, None, scale={"zero": False, "nice": False}, axis={"labelOverlap": True, "grid": False})


def _effect(field: str) -> dict[str, Any]:
    return number(field, "P(any slump) − its mean (points), 90 % range", axis={"orient": "left"})


def _rug() -> Specification:
    """Bars at the foot: how many training rows have the value."""
    return {
        "transform": [
            {"filter": "isValid(datum.percent)"},
            {"joinaggregate": [{"op": "max", "field": "percent", "as": "fullest"}]},
            {"calculate": "datum.percent / datum.fullest", "as": "height"},
        ],
        "mark": {"type": "rect", "color": "#c9c9c9", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "x": _value("low"),
            "x2": {"field": "high"},
            "y": number("height", None, scale={"domain": [0, RUG_HEIGHT]}, axis=None),
            "y2": {"datum": 0},
            "tooltip": [told("low", "from"), told("high", "to"), told("percent", "training rows (%)")],
        },
    }


RESPONSES: Final = Chart(
    "responses",
    "How the map responds",
    "How the chance of any slump, at full land area, answers as a cluster of features goes from its low to its high "
    "values: accumulated local effects on {map_model}, the model behind the map, in percentage points from the mean. "
    "A cluster is named by its most typical feature, whose value and unit are on the lower axis; all its features move "
    "together: step by step a place takes their values from one with slightly higher ones. Bands: the 90 % range over "
    "fits to resampled blocks, which says what other training regions would have changed. Grey bars: where the "
    "training rows lie. A curve says what the model would say, and not what causes slumps.",
    response_curves,
    draw_responses,
    needs=("responses", "drivers", "features"),
    reason="The model behind the map, {map_model}, sees no feature that varies.",
)


def draw_boxes(frame: DataFrame, _: RunFacts) -> Specification:
    """The features of a box by their distance from the mean; the box is chosen.

    From the columns ``box feature departure_sd low_80_sd high_80_sd value low_80 high_80 mean`` of `box_profiles`, in
    their order: dots at ``departure_sd``, bars where the 80 % range is known. Vega-Lite without data, width and look.
    """
    title = "standard deviations from the mean training row, with 80 % range"
    place = {
        "y": rows_of("feature"),
        "tooltip": [
            name("feature", "feature"), told("value", "centre of the box"), told("low_80", "80 % from"),
            told("high_80", "to"), told("mean", "mean of all rows"), told("departure_sd", "distance (sd)"),
        ],
    }  # fmt: skip
    range_80 = place | {"x": number("low_80_sd", title), "x2": {"field": "high_80_sd"}}
    return {
        "height": {"step": ROW_PX},
        "params": [choice("box", "Box", frame["box"])],
        "transform": [only("box")],
        "layer": [
            {"mark": {"type": "rule"} | RULE, "encoding": {"x": {"datum": 0}}},
            {"mark": {"type": "rule", "color": GREY, "strokeWidth": 5, "yOffset": BAR_OFFSET_PX}, "encoding": range_80},
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "color": BLUE,
                    "opacity": 1,
                    "size": 70,
                    "yOffset": BAR_OFFSET_PX,
                },
                "encoding": place | {"x": number("departure_sd", title)},
            },
            names_of("feature"),
        ],
    }


BOXES: Final = Chart(
    "boxes",
    "What sets a box apart",
    "{map_model} puts every cell and year into a box and says the same of all that a box holds. Dots: where the centre "
    "of the chosen box lies among all training rows, feature by feature, the most telling on top. Bars: the range of "
    "80 % of the training rows in the box; none where no row knows the feature. That is how a box differs, not why "
    "slumps are there.",
    box_profiles,
    draw_boxes,
    needs=("boxes",),
    reason="The model behind the map, {map_model}, does not sort places into boxes.",
)
