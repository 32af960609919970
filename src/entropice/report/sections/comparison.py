"""How the run is compared with others, which this report knows nothing of."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """The section's HTML, the same in every run: a run's report follows from the run alone."""
    return render("comparison.html")


SECTION: Final = Section("comparison", "Beside other runs", draw)
