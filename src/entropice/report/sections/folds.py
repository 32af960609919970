"""Where cells are tested, and where the model behind the map is wrong about them."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.folds import FOLD_MAP, OUTCOME_MAP
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """Nothing but its charts."""
    return Markup()


SECTION: Final = Section("folds", "Where it was tested", draw, charts=(OUTCOME_MAP, FOLD_MAP))
