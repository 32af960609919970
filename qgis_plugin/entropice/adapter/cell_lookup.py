"""From a place on the map to the row of the table of cells, which holds every year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVariantUtils,
)

from ..core.cell_report import CellReport, cell_report
from ..core.cell_row import CellRow
from ..core.feature_tables import feature_tables
from ..core.manifest import GEOPACKAGE_NAME, Manifest
from ..core.task_tiles import tiles_of_cell
from .run_on_map import RunOnMap


@dataclass(frozen=True)
class FoundCell:
    """A cell on the map with its report for one year; its row says what is known of all years.

    `row` has the value of every column of the table of cells, None where it is null; `geometry` is in `crs`, that of
    the run.
    """

    folder: Path
    manifest: Manifest
    row: Mapping[str, object]
    report: CellReport
    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem

    @property
    def years(self) -> tuple[tuple[int, str], ...]:
        """The run's years and what to call them, newest first."""
        return tuple((year, self.manifest.year_name(year)) for year in reversed(self.manifest.years))

    def in_year(self, year: int) -> FoundCell:
        """The same cell in another year.

        Features and tiles are read again from the run's GeoPackage; this one stays as it is.

        Raises
        ------
        RunFolderError
            A value of that year cannot be.
        """
        return replace(self, report=_report(self.folder, self.manifest, year, self.row))


def cell_at(
    run: RunOnMap, project: QgsProject, point: QgsPointXY, crs: QgsCoordinateReferenceSystem
) -> FoundCell | None:
    """The cell of a run under a point, in the year that the map shows; None where there is no cell.

    `point` is in `crs`. On the border of cells it is one of them. The year is the selected one, or
    the latest of the run.

    Raises
    ------
    RunFolderError
        A value cannot be.
    QgsCsException
        The point cannot be brought into the run's CRS.
    """
    position = QgsCoordinateTransform(crs, run.cells.crs(), project).transform(point)
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(position, position))
    request.setFlags(Qgis.FeatureRequestFlag.ExactIntersect)
    feature = next(run.cells.getFeatures(request), None)
    return None if feature is None else _found(run, feature)


def _found(run: RunOnMap, feature: QgsFeature) -> FoundCell:
    row, year = _row(feature), run.selection.year or run.manifest.years[-1]
    report = _report(run.folder, run.manifest, year, row)
    return FoundCell(run.folder, run.manifest, row, report, QgsGeometry(feature.geometry()), run.cells.crs())


def _report(folder: Path, manifest: Manifest, year: int, row: Mapping[str, object]) -> CellReport:
    geopackage = folder / GEOPACKAGE_NAME
    cell = CellRow(manifest, year, row, geopackage)
    tiles = tiles_of_cell(geopackage, manifest.tasks, cell.id)
    with feature_tables(geopackage) as tables:
        return cell_report(cell, tables, tiles)


def _row(feature: QgsFeature) -> dict[str, object]:
    return {
        name: None if QgsVariantUtils.isNull(value) else value
        for name, value in zip(feature.fields().names(), feature.attributes())
    }
