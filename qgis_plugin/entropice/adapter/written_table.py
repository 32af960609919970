"""Cells of a run as a file of another format, row by row."""

from __future__ import annotations

from collections.abc import Sequence
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
    QgsVariantUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..core.export_plan import Column
from ..core.manifest import CRS
from ..core.tables import CELL_ID
from .cell_rows import uncancelled
from .described_fields import described_fields

_LAYER_OPTIONS = {"GeoJSON": ["RFC7946=YES"]}
"""WGS 84, and polygons are cut at ±180°."""


def write_table(
    cells: QgsVectorLayer,
    features: QgsVectorLayer | None,
    columns: Sequence[Column],
    target: Path,
    driver: str,
    feedback: QgsFeedback,
) -> int:
    """Write the columns of every cell, ascending by id, and return the number of cells.

    A row has `columns` in their order, a feature's number times its `scale_factor`, null where it is unknown or the
    table has no row of the cell. Polygons are in EPSG:3413; GeoJSON is in WGS 84 and cut at ±180°, CSV has none. A file
    that stands there is written over; what is cancelled or fails leaves a part.

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
    fields = described_fields(columns, cells.fields())
    writer = _writer(fields, target, driver)
    values = _ValuesByCell(features, feedback)
    n_cells = 0
    for cell in uncancelled(cells.getFeatures(_by_cell()), feedback):
        row = QgsFeature(fields)
        of_features = values(int(cell[CELL_ID]))
        row.setAttributes([_value(column, cell, of_features) for column in columns])
        row.setGeometry(cell.geometry())
        writer.addFeature(row, QgsFeatureSink.Flag.FastInsert)
        n_cells += 1
        feedback.setProgress(100 * n_cells / max(cells.featureCount(), 1))
    problem = writer.errorMessage()
    del writer  # closes the file
    if problem:
        raise QgsProcessingException(f"{target}: {problem}")
    return n_cells


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
    """The row of feature values of a cell; cells are asked for in ascending order."""

    def __init__(self, features: QgsVectorLayer | None, feedback: QgsFeedback) -> None:
        self._rows = iter(()) if features is None else uncancelled(features.getFeatures(_by_cell()), feedback)
        self._ahead = next(self._rows, None)

    def __call__(self, cell_id: int) -> QgsFeature | None:
        while self._ahead is not None and int(self._ahead[CELL_ID]) < cell_id:
            self._ahead = next(self._rows, None)
        return self._ahead if self._ahead is not None and int(self._ahead[CELL_ID]) == cell_id else None


def _value(column: Column, cell: QgsFeature, of_features: QgsFeature | None) -> object:
    if column.scale_factor is None:
        return cell[column.name]
    number = None if of_features is None else of_features[column.name]
    return NULL if QgsVariantUtils.isNull(number) else number * column.scale_factor


def _by_cell() -> QgsFeatureRequest:
    return QgsFeatureRequest().addOrderBy(CELL_ID)
