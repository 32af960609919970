"""Where cells are tested, what folds learn from, and whether the most probable class was the observed one."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.folds import FOLD_MAP, OUTCOME_MAP, ROLE_MAP
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """No text: the section is its maps of outcomes, folds and roles, drawn below its heading."""
    return Markup()


SECTION: Final = Section("folds", "Where it was tested", draw, charts=(OUTCOME_MAP, FOLD_MAP, ROLE_MAP))
