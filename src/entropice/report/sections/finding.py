"""What imaging the most probable cells first would find."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.finding import GAIN, PRECISION_RECALL
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """No text: the section is its charts, gain and precision by recall, drawn below its heading."""
    return Markup()


SECTION: Final = Section("finding", "Finding slumps", draw, charts=(GAIN, PRECISION_RECALL))
