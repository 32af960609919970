"""What sets of features are worth to the model of the map, beside what copies without meaning are worth."""

from typing import Final

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from entropice.report.content import RunContent
from entropice.report.figure_files import BLUE, GREY, ORANGE, house_style, svg_uri
from entropice.report.markup import render
from entropice.report.sections.section import Section
from entropice.types import DataFrame


def draw(content: RunContent) -> Markup:
    """The section's HTML."""
    importances = content.frame("drivers")
    clusters = importances[importances["level"] == "cluster"]
    figure = svg_uri(importance_chart(clusters, "rise of the log loss out of fold (nats)"))
    found = importances[importances["is_discovery"] == 1]
    return render("importances.html", content=content, importances=importances, found=found, figure=figure)


def importance_chart(importances: DataFrame, label: str, n_shown: int = 15) -> Figure:
    """Importances of the strongest sets with their intervals, against the 95 % quantile of their copies."""
    shown = importances.nsmallest(n_shown, "rank").iloc[::-1]
    is_discovery = shown["is_discovery"].to_numpy() == 1
    with house_style():
        figure = Figure(figsize=(8.6, 0.7 + 0.26 * len(shown)), layout="constrained")
        axis = figure.subplots()
        places = np.arange(len(shown))
        axis.barh(places, shown["weight"], height=0.62, color=np.where(is_discovery, BLUE, GREY))
        axis.plot(
            shown["null_q95"],
            places,
            "|",
            color=ORANGE,
            markersize=13,
            markeredgewidth=1.8,
            label="null: 95 % of the importances of turned copies lie below",
        )
        axis.set_yticks(places, labels=list(shown["long_name"]))
        axis.tick_params(axis="y", length=0)
        axis.set_xlabel(label)
        axis.legend(fontsize=8, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)
    return figure


SECTION: Final = Section(
    "importances", "Importances", draw, needs=("drivers",), reason="The model behind the map, {map_model}, gives none."
)
