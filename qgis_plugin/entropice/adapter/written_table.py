"""Cells of a run as a file of another format, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFeedback,
    QgsFields,
    QgsProcessingException,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..core.export_plan import Column
from ..core.manifest import CRS
from ..core.tables import CELL_ID
from .cell_rows import uncancelled
from .described_fields import described_fields

YEAR = "year"
_LAYER_OPTIONS = {"GeoJSON": ["RFC7946=YES"]}
"""WGS 84, and polygons are cut at ±180°."""

_ByYear = Mapping[int, QgsFeature]


def write_table(
    cells: QgsVectorLayer,
    features: QgsVectorLayer | None,
    columns: Sequence[Column],
    target: Path,
    driver: str,
    feedback: QgsFeedback,
) -> int:
    """Write the columns of every cell, ascending by id, and return the number of cells.

    Parameters
    ----------
    features
        The table of feature values, where columns are of it.
    driver
        GDAL's name of the format.

    Raises
    ------
    QgsProcessingException
        The file cannot be written, or it was cancelled.
    """
    fields = _fields(cells, features, columns)
    writer = _writer(fields, target, driver)
    values = _ValuesByCell(features, feedback)
    n_cells = 0
    for cell in uncancelled(cells.getFeatures(_by_cell()), feedback):
        row = QgsFeature(fields)
        by_year = values(int(cell[CELL_ID]))
        row.setAttributes([_value(column, cell, by_year) for column in columns])
        row.setGeometry(cell.geometry())
        writer.addFeature(row, QgsFeatureSink.Flag.FastInsert)
        n_cells += 1
        feedback.setProgress(100 * n_cells / max(cells.featureCount(), 1))
    problem = writer.errorMessage()
    del writer  # closes the file
    if problem:
        raise QgsProcessingException(f"{target}: {problem}")
    return n_cells


def _fields(cells: QgsVectorLayer, features: QgsVectorLayer | None, columns: Sequence[Column]) -> QgsFields:
    fields = described_fields([column for column in columns if column.year is None], cells.fields())
    if features is not None:
        for field in described_fields([column for column in columns if column.year is not None], features.fields()):
            fields.append(field)
    return fields


def _writer(fields: QgsFields, target: Path, driver: str) -> QgsVectorFileWriter:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = driver
    options.layerName = target.stem
    options.layerOptions = _LAYER_OPTIONS.get(driver, [])
    shape = Qgis.WkbType.NoGeometry if driver == "CSV" else Qgis.WkbType.MultiPolygon
    crs = QgsCoordinateReferenceSystem(CRS)
    writer = QgsVectorFileWriter.create(str(target), fields, shape, crs, QgsCoordinateTransformContext(), options)
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(f"{target}: {writer.errorMessage()}")
    return writer


class _ValuesByCell:
    """The feature values of a cell by year; cells are asked for in ascending order."""

    def __init__(self, features: QgsVectorLayer | None, feedback: QgsFeedback) -> None:
        rows = iter(()) if features is None else uncancelled(features.getFeatures(_by_cell()), feedback)
        self._cells = groupby(rows, lambda row: int(row[CELL_ID]))
        self._ahead = next(self._cells, None)

    def __call__(self, cell_id: int) -> _ByYear:
        while self._ahead is not None and self._ahead[0] < cell_id:
            self._ahead = next(self._cells, None)
        if self._ahead is None or self._ahead[0] != cell_id:
            return {}
        found = {int(row[YEAR]): row for row in self._ahead[1]}
        self._ahead = next(self._cells, None)
        return found


def _value(column: Column, cell: QgsFeature, by_year: _ByYear) -> object:
    if column.year is None:
        return cell[column.source]
    return by_year[column.year][column.source] if column.year in by_year else NULL


def _by_cell() -> QgsFeatureRequest:
    return QgsFeatureRequest().addOrderBy(CELL_ID)
