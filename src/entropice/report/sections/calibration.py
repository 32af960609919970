"""Whether forecast probabilities happen as often as they say."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.reliability import RELIABILITY
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """No text: the section is its chart of reliability, drawn below its heading."""
    return Markup()


SECTION: Final = Section("calibration", "Calibration", draw, charts=(RELIABILITY,))
