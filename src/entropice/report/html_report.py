"""The run's report: one HTML document that opens offline."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.out_of_fold import WITH_SLUMPS, WITHOUT_SLUMPS
from entropice.report.page_charts import draw_chart, page_parts
from entropice.report.sections import sections_of
from entropice.report.sections.section import Section


def render_html(content: RunContent, sections: Sequence[Section] | None = None) -> str:
    """A complete document: no script but its own, no address outside itself; same content, same bytes.

    Text of the run is escaped. A section whose tables are missing or empty says so in a sentence.

    Parameters
    ----------
    sections
        In the order in which they are shown; None for all that the run has.
    """
    shown = sections_of(content) if sections is None else sections
    charts = {section.key: [draw_chart(chart, content) for chart in section.charts] for section in shown}
    drawn = [(section, draw_section(section, content), charts[section.key]) for section in shown]
    return str(
        render(
            "report.html",
            content=content,
            sections=drawn,
            key=_key_figures(content),
            **page_parts(chain.from_iterable(charts.values())),
        )
    )


def draw_section(section: Section, content: RunContent) -> Markup:
    """The section's HTML, or a sentence that says what it lacks.

    It lacks what it needs where a table does not exist or has no rows; the sentence names these tables and the
    section's reason.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from entropice.report.sections.classes import SECTION
    >>> content = SimpleNamespace(tables={}, map_model=SimpleNamespace(title="eSPA"))
    >>> str(draw_section(SECTION, content)).strip()
    '<p>Not shown: this run has no out_of_fold, no cells. No model was tested on cells that it had not seen.</p>'
    """
    missing = [name for name in section.needs if name not in content.tables or content.frame(name).empty]
    if not missing:
        return section.draw(content)
    titles = [content.tables[name].title.lower() if name in content.tables else name for name in missing]
    return render("missing.html", titles=titles, reason=section.reason.format(map_model=content.map_model.title))


def _key_figures(content: RunContent) -> dict[str, Any]:
    cells = content.frame("cells")
    columns = [layer.column for layer in content.layers if layer.quantity == "state"]
    n_with, n_without = (
        sum(int((cells[column] == state).sum()) for column in columns) for state in (WITH_SLUMPS, WITHOUT_SLUMPS)
    )
    return {
        "n_cells": len(cells),
        "n_cell_years": len(columns) * len(cells),
        "n_observed": n_with + n_without,
        "n_with": n_with,
        "share_with": n_with / (n_with + n_without) if n_with + n_without else math.nan,
        "n_features": len(content.frame("features")),
    }
