"""Whether forecast probabilities happen as often as they say."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from entropice.report.content import RunContent
from entropice.report.figure_files import BLUE, INK, MUTED, ORANGE, house_style, svg_uri
from entropice.report.forecasts import forecasts_of
from entropice.report.markup import render
from entropice.report.reliability import reliability
from entropice.report.sections.section import Section
from entropice.report.shares import BAYES_LIMIT
from entropice.types import DataFrame


def draw(content: RunContent) -> Markup:
    """The section's HTML."""
    found = curves(content)
    return render("calibration.html", content=content, figure=svg_uri(reliability_chart(found)) if found else None)


def curves(content: RunContent) -> dict[str, DataFrame]:
    """The reliability of the map's model and of the attainable limit, by title, where they have forecasts."""
    titles = {model.name: model.title for model in content.texts.models if model.name == BAYES_LIMIT}
    titles = {content.map_model.name: f"{content.map_model.title}, out of fold"} | titles
    forecasts = {title: forecasts_of(content, name) for name, title in titles.items()}
    first = content.classes["names"][0]
    return {title: _curve(rows, first) for title, rows in forecasts.items() if len(rows)}


def _curve(rows: DataFrame, first_class: str) -> DataFrame:
    return reliability(1.0 - rows[f"p_{first_class}"].to_numpy(float), (rows["class_"] != first_class).to_numpy(bool))


def reliability_chart(curves: Mapping[str, DataFrame]) -> Figure:
    """Observed frequency against forecast of each named curve of ``reliability``, with 95 % intervals."""
    with house_style():
        figure = Figure(figsize=(4.4, 4.1), layout="constrained")
        axis = figure.subplots()
        axis.plot([0, 1], [0, 1], color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)), label="perfectly calibrated")
        for (name, curve), colour in zip(curves.items(), (ORANGE, BLUE, INK), strict=False):
            below, above = curve["frequency"] - curve["low_95"], curve["high_95"] - curve["frequency"]
            axis.errorbar(
                curve["forecast"], curve["frequency"], yerr=np.vstack([below, above]), fmt="o-", color=colour,
                markersize=4, linewidth=1.1, elinewidth=0.8, label=name,
            )  # fmt: skip
        top = 1.05 * max(float(curve[["forecast", "high_95"]].to_numpy().max()) for curve in curves.values())
        axis.set(xlim=(0, min(top, 1.02)), ylim=(0, min(top, 1.02)), aspect="equal")
        axis.set(xlabel="forecast probability of any slump", ylabel="observed frequency")
        axis.legend(fontsize=8, loc="upper left")
    return figure


SECTION: Final = Section("calibration", "Calibration", draw, needs=("out_of_fold",))
