"""When a layer is of, for QGIS's temporal controller."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import Qgis, QgsDateTimeRange, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, QTime


def cover_years(layer: QgsVectorLayer, years: Sequence[int]) -> None:
    """A layer is there from the begin of its first year to the end of its last.

    `years` ascend, at least one; the first moment is included, the last is not. Both are midnight of 1 January in the
    local time of the computer. Years between them need not be there.
    """
    properties = layer.temporalProperties()
    properties.setMode(Qgis.VectorTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(QgsDateTimeRange(_begin_of(years[0]), _begin_of(years[-1] + 1), True, False))
    properties.setIsActive(True)


def year_of(shown: QgsDateTimeRange) -> int | None:
    """The year in which a range begins; None where it holds all times, or has no begin."""
    return None if shown.isInfinite() or not shown.begin().isValid() else int(shown.begin().date().year())


def _begin_of(year: int) -> QDateTime:
    return QDateTime(QDate(year, 1, 1), QTime(0, 0))
