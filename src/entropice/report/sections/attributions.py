"""Credits that the data ask for."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: a list of the run's credits, in their order."""
    return render("attributions.html", content=content)


SECTION: Final = Section("attributions", "Attributions", draw)
