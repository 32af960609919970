"""The report's charts: class shares, scores against the limit, reliability, importances."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from entropice.report.figure_files import INK, MUTED, house_style
from entropice.report.names import MODEL_NAMES, SCORE_NAMES
from entropice.types import DataFrame

_BLUE: Final = "#0072b2"
_ORANGE: Final = "#d55e00"
_GREY: Final = "#a8a8a8"
_SHARE_SERIES: Final = {
    "observed": ("observed", INK),
    "forecast": ("out-of-fold forecast, same cells", _ORANGE),
    "map": ("map, all cells and years", _BLUE),
}


def class_chart(shares: DataFrame) -> Figure:
    """Grouped bars of ``class_distribution`` with their values."""
    with house_style():
        figure = Figure(figsize=(8.6, 2.9), layout="constrained")
        axis = figure.subplots()
        places = np.arange(len(shares))
        for offset, (column, (label, colour)) in enumerate(_SHARE_SERIES.items(), start=-1):
            bars = axis.bar(places + 0.27 * offset, shares[column], width=0.25, color=colour, label=label)
            axis.bar_label(bars, labels=[f"{100 * value:.2g}" for value in shares[column]], fontsize=7.5, padding=1)
        axis.set_xticks(places, labels=list(shares.index))
        axis.set_ylabel("share of cells (%)")
        axis.yaxis.set_major_formatter(PercentFormatter(xmax=1.0, symbol=""))
        axis.margins(y=0.15)
        axis.legend(fontsize=8, loc="upper right")
    return figure


def score_chart(scores: DataFrame, score_names: Sequence[str], models: Sequence[str]) -> Figure:
    """One panel per score: each model's value with its 95 % interval, and the attainable limit as a line."""
    with house_style():
        figure = Figure(figsize=(8.6, 0.55 + 0.33 * len(models)), layout="constrained")
        for axis, score in zip(figure.subplots(1, len(score_names), squeeze=False)[0], score_names, strict=True):
            _draw_score(axis, scores[scores["score"] == score].set_index("model"), models)
            axis.set_title(SCORE_NAMES[score])
        for axis in figure.axes[1:]:
            axis.set_yticklabels([])
    return figure


def _draw_score(axis: Axes, rows: DataFrame, models: Sequence[str]) -> None:
    for place, model in enumerate(reversed(models)):
        if model not in rows.index:
            continue
        row = rows.loc[model]
        colour = _ORANGE if model == "espa" else INK
        axis.plot([row["low_95"], row["high_95"]], [place, place], color=colour, linewidth=1.2)
        axis.plot(row["value"], place, "o", color=colour, markersize=4.5)
    if "limit" in rows.index:
        value, low, high = (float(rows[column]["limit"]) for column in ("value", "low_95", "high_95"))
        axis.axvspan(low, high, color=_BLUE, alpha=0.15, linewidth=0)
        axis.axvline(value, color=_BLUE, linewidth=1.2)
    axis.set_yticks(range(len(models)), labels=[MODEL_NAMES[model] for model in reversed(models)])
    axis.set_ylim(-0.6, len(models) - 0.4)
    axis.grid(axis="x", color="#e3e3e3", linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="y", length=0)
    axis.locator_params(axis="x", nbins=5)


def reliability_chart(curves: Mapping[str, DataFrame]) -> Figure:
    """Observed frequency against forecast of each named curve of ``reliability``, with 95 % intervals."""
    with house_style():
        figure = Figure(figsize=(4.4, 4.1), layout="constrained")
        axis = figure.subplots()
        axis.plot([0, 1], [0, 1], color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)), label="perfectly calibrated")
        for (name, curve), colour in zip(curves.items(), (_ORANGE, _BLUE, INK), strict=False):
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


def importance_chart(importances: DataFrame, n_shown: int = 15) -> Figure:
    """The strongest features' weights, against the 95 % quantile of what shuffled labels give them."""
    shown = importances.nsmallest(n_shown, "rank").iloc[::-1]
    is_above = shown["weight"].to_numpy(float) > shown["null_q95"].to_numpy(float)
    with house_style():
        figure = Figure(figsize=(8.6, 0.7 + 0.26 * len(shown)), layout="constrained")
        axis = figure.subplots()
        places = np.arange(len(shown))
        axis.barh(places, shown["weight"], height=0.62, color=np.where(is_above, _BLUE, _GREY))
        axis.plot(
            shown["null_q95"],
            places,
            "|",
            color=_ORANGE,
            markersize=13,
            markeredgewidth=1.8,
            label="null: 95 % of weights with shuffled labels lie below",
        )
        axis.set_yticks(places, labels=list(shown["long_name"]))
        axis.tick_params(axis="y", length=0)
        axis.set_xlabel("eSPA weight")
        axis.legend(fontsize=8, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)
    return figure
