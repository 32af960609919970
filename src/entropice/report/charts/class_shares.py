"""How often each class was observed, and how often it was to be expected."""

from typing import Final

from entropice.report.charts.chart import Chart, Specification
from entropice.report.charts.marks import name, number, told
from entropice.report.charts.theme import LIMIT, MAP_MODEL, PERCENT
from entropice.report.figure_files import INK
from entropice.report.frames.class_shares import SERIES, class_shares
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame

COLOURS: Final = (INK, MAP_MODEL, LIMIT)


def draw(_: DataFrame, facts: RunFacts) -> Specification:
    """Bars by class, one for each series, with their values.

    From the columns ``class series share`` (0 to 1) of `class_shares`; classes in the order of the run, series in that
    of `SERIES`. Vega-Lite without data, width and look.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> drawn = draw(None, SimpleNamespace(class_names=("none", "few", "many")))
    >>> drawn["layer"][0]["encoding"]["x"]["sort"]
    ['none', 'few', 'many']
    """
    series = list(SERIES.values())
    bars = {
        "x": name("class", "class of slump area per land area", sort=list(facts.class_names), axis={"labelAngle": 0}),
        "xOffset": name("series", None, sort=series),
        "y": number("share", "share of cells and years (%)", axis=PERCENT),
    }
    colour = {"color": name("series", None, scale={"domain": series, "range": list(COLOURS)})}
    tips = {"tooltip": [name("class", "class"), name("series", "share"), told("share", "of cells and years", ".2%")]}
    value = {"text": number("share", None, format=".0%")}
    return {
        "height": 230,
        "layer": [
            {"mark": {"type": "bar"}, "encoding": bars | colour | tips},
            {"mark": {"type": "text", "dy": -6, "fontSize": 9}, "encoding": bars | value},
        ],
    }


CLASS_SHARES: Final = Chart(
    "class_shares",
    "Shares of the classes",
    "Observed share of each class, mean probability out of fold on the same cells and years by {map_model}, the model "
    "behind the map, and mean probability over the map; without intervals. The map may differ: imaged cells are not a "
    "random sample of all cells.",
    class_shares,
    draw,
    needs=("out_of_fold", "cells"),
    reason="{map_model}, the model behind the map, has no forecasts of cells that a fit has not seen.",
)
