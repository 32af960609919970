"""From a place on the map to the row of the table of cells, which holds every year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVariantUtils,
    QgsVectorLayer,
)

from ..core.cell_report import CellReport, cell_report
from ..core.errors import RunFolderError
from ..core.manifest import GEOPACKAGE_NAME, Manifest, read_manifest
from ..core.manifest_file import MANIFEST_NAME
from .run_tag import RunTag, polygons_of, tag_of, tagged_layers

_OPEN_AGAIN = "Open the run folder again."


@dataclass(frozen=True)
class FoundCell:
    """A cell on the map with its report for one year; its row says what is known of all years."""

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

        Raises
        ------
        RunFolderError
            A value of that year cannot be.
        """
        return replace(self, report=cell_report(self.manifest, year, self.row, self.folder / GEOPACKAGE_NAME))


def cell_at(
    project: QgsProject,
    shown: Iterable[QgsMapLayer],
    point: QgsPointXY,
    crs: QgsCoordinateReferenceSystem,
) -> FoundCell | None:
    """The cell under a point, in the run and year of the topmost layer of cells `shown`; None where there is no cell.

    Without a layer of cells among `shown`, the topmost one of the project counts. A layer of all years tells the
    newest.

    Raises
    ------
    RunFolderError
        The run was rebuilt, moved or partly removed from the project since it was opened, or a value cannot be.
    """
    tags = [tag for tag in map(tag_of, shown) if tag] or [tag for tag, _ in tagged_layers(project)]
    if not tags:
        return None
    layer = _polygons(project, tags[0])
    position = QgsCoordinateTransform(crs, layer.crs(), project).transform(point)
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(position, position))
    request.setFlags(Qgis.FeatureRequestFlag.ExactIntersect)
    feature = next(layer.getFeatures(request), None)
    return None if feature is None else _found(tags[0], layer, feature)


def _found(tag: RunTag, layer: QgsVectorLayer, feature: QgsFeature) -> FoundCell:
    manifest, row = _manifest_of(tag), _row(feature)
    year = manifest.years[-1] if tag.year is None else tag.year
    report = cell_report(manifest, year, row, tag.folder / GEOPACKAGE_NAME)
    return FoundCell(tag.folder, manifest, row, report, QgsGeometry(feature.geometry()), layer.crs())


def _row(feature: QgsFeature) -> dict[str, object]:
    return {
        name: None if QgsVariantUtils.isNull(value) else value
        for name, value in zip(feature.fields().names(), feature.attributes())
    }


def _manifest_of(tag: RunTag) -> Manifest:
    manifest = read_manifest(tag.folder)
    if manifest.run_id != tag.run_id:
        raise RunFolderError(
            "The run was made again since it was opened.",
            path=tag.folder / MANIFEST_NAME,
            field="run_id",
            got=manifest.run_id,
            expected=tag.run_id,
            fix=_OPEN_AGAIN,
        )
    return manifest


def _polygons(project: QgsProject, tag: RunTag) -> QgsVectorLayer:
    layer = polygons_of(project, tag.run_id)
    if layer is not None:
        return layer
    raise RunFolderError(
        "The cells of this run are no longer in the project.",
        path=tag.folder,
        field="cells",
        got="no layer with cells",
        expected=f"a layer of run {tag.run_id}",
        fix=_OPEN_AGAIN,
    )
