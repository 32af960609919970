"""How the map's model responds to its strongest sets of features, and what its boxes are, where it has any."""

from typing import Any, Final

from markupsafe import Markup

from entropice.report.charts.drivers import BOXES, RESPONSES
from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section

N_VALUES_TOLD: Final = 4


def draw(content: RunContent) -> Markup:
    """The section's HTML: boxes with their typical values, classes and shares; nothing of a model without boxes.

    From `box_rows`; beside them the share of land in no box that is shown, 1 − the sum of ``share_of_land``.
    """
    boxes = box_rows(content)
    elsewhere = 1 - sum(box["share_of_land"] for box in boxes)
    return render("responses.html", content=content, boxes=boxes, elsewhere=elsewhere)


def box_rows(content: RunContent) -> list[dict[str, Any]]:
    """The boxes, most slumps first, each with the features that set it apart; none where the model has no boxes.

    A mapping for each row of the table ``boxes``, by falling ``p_any``; ``values`` are the rows of ``box_values`` with
    ranks 1 to 4, with ``long_name`` and ``unit`` of the feature.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> box_rows(SimpleNamespace(tables={}))
    []
    """
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
    charts=(RESPONSES, BOXES),
)
