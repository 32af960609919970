"""Rows of a table, one after another, until somebody cancels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qgis.core import QgsFeature, QgsFeedback, QgsProcessingException, QgsVariantUtils

from .translate import tr


def uncancelled(rows: Iterable[QgsFeature], feedback: QgsFeedback) -> Iterator[QgsFeature]:
    """The rows one by one, in their order, until `feedback` says that it was cancelled.

    It is asked before each row; nothing is read ahead.

    Raises
    ------
    QgsProcessingException
        It was cancelled.
    """
    for row in rows:
        if feedback.isCanceled():
            raise QgsProcessingException(tr("Cancelled."))
        yield row


def value_in(row: QgsFeature, column: str) -> float | str | None:
    """A number or text of a row; None for null.

    Any other number, a truth value too, becomes a float.
    """
    value = row[column]
    if QgsVariantUtils.isNull(value):
        return None
    return value if isinstance(value, str) else float(value)
