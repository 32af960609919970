"""How often each class was observed, how often it was to be expected, and which are taken for which."""

import math
from typing import Any, Final

from markupsafe import Markup

from entropice.report.charts.class_shares import CLASS_SHARES
from entropice.report.charts.confusion import CONFUSION
from entropice.report.content import RunContent
from entropice.report.frames.cell_years import M2_PER_KM2
from entropice.report.frames.class_shares import class_distribution_of
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: a table of classes with their bounds and their shares observed, forecast and on the map.

    Bounds are slump area per observed land area (m² per km²), by the edges of the final model. Shares are those of the
    map's model, forecasts out of fold under the first scheme; an en dash where it has none.
    """
    return render("classes.html", rows=_rows(content))


def _rows(content: RunContent) -> list[dict[Any, Any]]:
    """Per class: name, bounds in m² of slump per km², and the three shares, NaN where there are none."""
    shares, edges = class_distribution_of(content), [0.0, 0.0, *content.classes["edges"], math.inf]
    told = shares.reindex(index=content.classes["names"], columns=["observed", "forecast", "map"])
    return [
        {"bounds": bounds(edges[place], edges[place + 1]), **row}
        for place, row in enumerate(told.rename_axis("name").reset_index().to_dict("records"))
    ]


def bounds(low: float, high: float) -> str:
    """Bounds of slump area per observed land area, in m² per km².

    Given without unit, as area over area; three significant digits. A class whose upper bound is 0 is that without
    slumps.

    Examples
    --------
    >>> bounds(0.0, 0.0), bounds(0.0, 1e-5), bounds(1e-5, math.inf)
    ('0', '0 – 10', '> 10')
    """
    if high == 0:
        return "0"
    if high == math.inf:
        return f"> {M2_PER_KM2 * low:.3g}"
    return f"{M2_PER_KM2 * low:.3g} – {M2_PER_KM2 * high:.3g}"


SECTION: Final = Section(
    "classes",
    "Classes",
    draw,
    needs=("out_of_fold", "cells"),
    reason="No model was tested on cells that it had not seen.",
    charts=(CLASS_SHARES, CONFUSION),
)
