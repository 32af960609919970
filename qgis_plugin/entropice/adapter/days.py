"""The days of a run of images, for QGIS's temporal controller to play one at a time."""

from __future__ import annotations

from datetime import date

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsInterval,
    QgsProject,
    QgsTemporalController,
    QgsTemporalNavigationObject,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from ..core.image_manifest import ImageManifest
from ..core.time_steps import DAYS, MONTHS, YEARS

_UNITS = {DAYS: Qgis.TemporalUnit.Days, MONTHS: Qgis.TemporalUnit.Months, YEARS: Qgis.TemporalUnit.Years}


def show_days(project: QgsProject, manifest: ImageManifest) -> None:
    """Give the days of a run to a project that has no time of its own.

    Its range is from the first day of the run to that on which nothing holds any more, the latter not included, and its
    step that of the manifest. A project with a range stays as it is, and so does one where time concerns nothing of the
    run.
    """
    settings, days, step = project.timeSettings(), manifest.days, manifest.time_step
    if days is None or step is None or not settings.temporalRange().isInfinite():
        return
    settings.setTemporalRange(QgsDateTimeRange(begin_of(days[0]), begin_of(days[1]), True, False))
    settings.setTimeStep(step.number)
    settings.setTimeStepUnit(_UNITS[step.unit])


def prepare(controller: QgsTemporalController | None, project: QgsProject) -> None:
    """Let a controller that is switched off play the time of a project when it is switched on.

    Its range and the length of a frame become those of the project. A controller that is at work stays as it is, and so
    does any for a project without a range.
    """
    settings = project.timeSettings()
    if not isinstance(controller, QgsTemporalNavigationObject) or settings.temporalRange().isInfinite():
        return
    if controller.navigationMode() == Qgis.TemporalNavigationMode.Disabled:
        controller.setTemporalExtents(settings.temporalRange())
        controller.setFrameDuration(QgsInterval(settings.timeStep(), settings.timeStepUnit()))


def begin_of(day: date) -> QDateTime:
    """Midnight before a day, as all times of the run: in UTC."""
    return QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC)
