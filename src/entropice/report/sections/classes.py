"""How often each class was observed, and how often it was to be expected."""

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from entropice.report.class_shares import class_distribution
from entropice.report.content import RunContent
from entropice.report.figure_files import BLUE, INK, ORANGE, house_style, svg_uri
from entropice.report.forecasts import forecasts_of
from entropice.report.markup import render
from entropice.report.sections.section import Section
from entropice.types import DataFrame

_SERIES: Final = {
    "observed": ("observed", INK),
    "forecast": ("out-of-fold forecast, same cells", ORANGE),
    "map": ("map, all cells and years", BLUE),
}


def draw(content: RunContent) -> Markup:
    """The section's HTML."""
    forecasts = forecasts_of(content, content.map_model.name)
    shares = class_distribution(forecasts, map_probabilities(content), content.classes["names"])
    return render("classes.html", content=content, rows=_rows(content, shares), figure=svg_uri(class_chart(shares)))


def map_probabilities(content: RunContent) -> DataFrame:
    """``p_<class>`` of every cell and year of the map."""
    cells, names = content.frame("cells"), content.classes["names"]
    columns = {f"p_{name}": [cells[f"p_{name}_{year}"] for year in content.year_names] for name in names}
    return pd.DataFrame({name: pd.concat(parts, ignore_index=True) for name, parts in columns.items()})


def _rows(content: RunContent, shares: DataFrame) -> list[dict[str, Any]]:
    """Per class: name, bounds in m² of slump per km², and the three shares."""
    edges = [0.0, 0.0, *content.classes["edges"], math.inf]
    return [
        {"name": name, "bounds": bounds(edges[place], edges[place + 1]), **shares.loc[name].to_dict()}
        for place, name in enumerate(content.classes["names"])
    ]


def bounds(low: float, high: float) -> str:
    """Bounds of slump area per observed land area, in m² per km²."""
    if high == 0:
        return "0"
    if high == math.inf:
        return f"> {1e6 * low:.3g}"
    return f"{1e6 * low:.3g} – {1e6 * high:.3g}"


def class_chart(shares: DataFrame) -> Figure:
    """Grouped bars of ``class_distribution`` with their values."""
    with house_style():
        figure = Figure(figsize=(8.6, 2.9), layout="constrained")
        axis = figure.subplots()
        places = np.arange(len(shares))
        for offset, (column, (label, colour)) in enumerate(_SERIES.items(), start=-1):
            bars = axis.bar(places + 0.27 * offset, shares[column], width=0.25, color=colour, label=label)
            axis.bar_label(bars, labels=[f"{100 * value:.2g}" for value in shares[column]], fontsize=7.5, padding=1)
        axis.set_xticks(places, labels=list(shares.index))
        axis.set_ylabel("share of cells (%)")
        axis.yaxis.set_major_formatter(PercentFormatter(xmax=1.0, symbol=""))
        axis.margins(y=0.15)
        axis.legend(fontsize=8, loc="upper right")
    return figure


SECTION: Final = Section("classes", "Classes", draw, needs=("out_of_fold", "cells"))
