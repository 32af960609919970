"""The sections of the report, in their order."""

from typing import Final

from entropice.report.content import RunContent
from entropice.report.sections import (
    about,
    attributions,
    calibration,
    classes,
    comparison,
    doubts,
    finding,
    folds,
    imagery,
    importances,
    leaks,
    maps,
    provenance,
    qgis,
    responses,
    scores,
    survey,
    training,
)
from entropice.report.sections.section import Section

SECTIONS: Final[tuple[Section, ...]] = (
    about.SECTION,
    maps.SECTION,
    doubts.SECTION,
    training.SECTION,
    scores.SECTION,
    finding.SECTION,
    leaks.SECTION,
    calibration.SECTION,
    classes.SECTION,
    folds.SECTION,
    importances.SECTION,
    responses.SECTION,
    survey.SECTION,
    comparison.SECTION,
    qgis.SECTION,
    attributions.SECTION,
    provenance.SECTION,
)


def sections_of(content: RunContent) -> tuple[Section, ...]:
    """The sections of a run: those of tasks, if there are any, stand after where to look next."""
    after = SECTIONS.index(survey.SECTION) + 1
    return (*SECTIONS[:after], *imagery.imagery_sections(content), *SECTIONS[after:])
