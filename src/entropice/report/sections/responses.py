"""How the map's model responds to its strongest sets of features, and what its boxes are, where it has any."""

import textwrap
from typing import Any, Final

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from entropice.report.content import RunContent
from entropice.report.figure_files import BLUE, GREY, MUTED, house_style, svg_uri
from entropice.report.markup import render
from entropice.report.sections.section import Section
from entropice.types import DataFrame

N_COLUMNS: Final = 3
RUG_HEIGHT: Final = 0.14
"""Of the panel."""
N_VALUES_TOLD: Final = 4


def draw(content: RunContent) -> Markup:
    """The section's HTML."""
    responses, drivers = content.frame("responses"), content.frame("drivers")
    shown = drivers[(drivers["level"] == "cluster") & drivers["feature"].isin(responses["feature"])]
    figure = response_chart(responses, shown, content.frame("feature_histograms"))
    boxes = box_rows(content)
    elsewhere = 1 - sum(box["share_of_land"] for box in boxes)
    return render("responses.html", content=content, figure=svg_uri(figure), boxes=boxes, elsewhere=elsewhere)


def response_chart(responses: DataFrame, clusters: DataFrame, histograms: DataFrame) -> Figure:
    """A panel for each cluster with a curve: its response, the range over refits, and where training rows lie."""
    order = list(dict.fromkeys(responses["feature"]))
    told = clusters.set_index("feature").loc[order]
    n_rows = -(-len(order) // N_COLUMNS)
    with house_style():
        figure = Figure(figsize=(8.6, 2.5 * n_rows), layout="constrained")
        axes = figure.subplots(n_rows, N_COLUMNS, sharey=True, squeeze=False).ravel()
        for axis, (feature, cluster) in zip(axes, told.iterrows(), strict=False):
            _draw_rug(axis, histograms[histograms["feature"] == feature])
            _draw_curve(axis, responses[responses["feature"] == feature], BLUE if cluster["is_discovery"] else GREY)
            _name(axis, cluster)
        _make_room_for_rugs(axes[0])
        for axis in axes[len(order) :]:
            axis.remove()
        figure.supylabel("P(RTS) beside its mean (percentage points)", fontsize=9)
    return figure


def _draw_curve(axis: Axes, curve: DataFrame, colour: str) -> None:
    axis.axhline(0, color=MUTED, linewidth=0.6)
    axis.fill_between(curve["value"], 100 * curve["low_90"], 100 * curve["high_90"], color=colour, alpha=0.2, lw=0)
    axis.plot(curve["value"], 100 * curve["effect"], color=colour, marker="o", markersize=2.5, linewidth=1.4)


def _draw_rug(axis: Axes, bins: DataFrame) -> None:
    """Bars at the foot of the panel, in its height: the share of training rows."""
    heights = RUG_HEIGHT * bins["n"] / bins["n"].max()
    axis.bar(
        bins["low"], heights, bins["high"] - bins["low"], align="edge", color=GREY, alpha=0.6,
        transform=axis.get_xaxis_transform(),
    )  # fmt: skip


def _make_room_for_rugs(axis: Axes) -> None:
    """Lower the foot of the panels, which share their height, below all curves."""
    low, high = axis.get_ylim()
    axis.set_ylim(low - (high - low) * RUG_HEIGHT / (1 - RUG_HEIGHT), high)


def _name(axis: Axes, cluster: Any) -> None:
    others = f" (+{cluster['n_features'] - 1})" if cluster["n_features"] > 1 else ""
    axis.set_title("\n".join(textwrap.wrap(cluster["long_name"] + others, 34)), fontsize=8.5)
    axis.set_xlabel("" if cluster["unit"] == "1" else cluster["unit"])
    axis.xaxis.set_major_locator(MaxNLocator(4))


def box_rows(content: RunContent) -> list[dict[str, Any]]:
    """The boxes, most slumps first, each with the features that set it apart; none where the model has no boxes."""
    if "boxes" not in content.tables:
        return []
    features = content.frame("features").set_index("name")
    values = content.frame("box_values").join(features[["long_name", "unit"]], on="feature")
    leading = values[values["rank"] <= N_VALUES_TOLD]
    boxes = content.frame("boxes").sort_values("p_any", ascending=False, kind="stable")
    return [
        {str(name): told for name, told in box.items()}
        | {"values": leading[leading["box"] == box["box"]].to_dict("records")}
        for box in boxes.to_dict("records")
    ]


SECTION: Final = Section(
    "responses",
    "How the map responds",
    draw,
    needs=("responses",),
    reason="The model behind the map, {map_model}, sees no feature that varies.",
)
