"""What imaging the most probable cells first would find."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.finding import GAIN, PRECISION_RECALL
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """Nothing but its charts."""
    return Markup()


SECTION: Final = Section("finding", "Finding slumps", draw, charts=(GAIN, PRECISION_RECALL))
