"""How the run is compared with others, which this report knows nothing of."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """The section's HTML, the same in every run: how finished runs are compared, and where the comparison lies.

    A run's report follows from the run alone, so it knows nothing of others.
    """
    return render("comparison.html")


SECTION: Final = Section("comparison", "Beside other runs", draw)
