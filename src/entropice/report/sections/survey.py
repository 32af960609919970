"""Where to look next, under the budget of the parameters."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.sections.section import Section

N_SHOWN: Final = 10


def draw(content: RunContent) -> Markup:
    """The section's HTML: how many cells fit the budget, their cost and expected finds, and a table of the first ten.

    From the run's survey: ``rank lon_deg lat_deg p_any is_applicable information_bits cost_km2``.
    """
    return render(
        "survey.html",
        first=content.survey.head(N_SHOWN).to_dict("records"),
        n_chosen=len(content.survey),
        cost_km2=content.survey["cost_km2"].sum(),
        n_finds=content.survey["p_any"].sum(),
    )


SECTION: Final = Section("survey", "Where to look next", draw)
