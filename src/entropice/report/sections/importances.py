"""What sets of features are worth to the model of the map, beside what copies without meaning are worth."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.drivers import IMPORTANCES
from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: which sets are drivers, or that none is, and a table of all groups and clusters.

    From the table ``drivers``, in its order; a driver is a row whose ``is_discovery`` is 1.
    """
    importances = content.frame("drivers")
    found = importances[importances["is_discovery"] == 1]
    return render("importances.html", importances=importances, found=found)


SECTION: Final = Section(
    "importances",
    "Importances",
    draw,
    needs=("drivers",),
    reason="The model behind the map, {map_model}, gives none.",
    charts=(IMPORTANCES,),
)
