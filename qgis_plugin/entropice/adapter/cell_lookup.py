"""From a place on the map, or a cell and a year, to the row of the cells table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
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
from qgis.PyQt.QtGui import QColor

from ..core.cell_report import CellReport, cell_report
from ..core.errors import RunFolderError
from ..core.manifest import GEOPACKAGE_NAME, Manifest, read_manifest
from ..core.manifest_file import MANIFEST_NAME
from .run_tag import RunTag, tag_of, tagged_layers
from .styles import colours_of

_OPEN_AGAIN = "Open the run folder again."


@dataclass(frozen=True)
class FoundCell:
    """A cell on the map with its report; `years` are those the map has of the same run."""

    cell_id: int
    tag: RunTag
    report: CellReport
    notice: str
    years: tuple[tuple[int, str], ...]
    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem
    class_colours: dict[str, QColor]
    driver_colours: dict[str, QColor]


def cell_at(
    project: QgsProject,
    shown: Iterable[QgsMapLayer],
    point: QgsPointXY,
    crs: QgsCoordinateReferenceSystem,
) -> FoundCell | None:
    """The cell under a point, in the run and year of the topmost layer `shown`; None where there is no cell.

    Without a layer of a run among `shown`, the topmost one of the project counts: its newest year.

    Raises
    ------
    RunFolderError
        The run was rebuilt, moved or partly removed from the project since it was opened.
    """
    tags = [tag for tag in map(tag_of, shown) if tag] or [tag for tag, _ in tagged_layers(project)]
    if not tags:
        return None
    layer = _cells_layer(project, tags[0])
    position = QgsCoordinateTransform(crs, layer.crs(), project).transform(point)
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(position, position))
    request.setFlags(Qgis.FeatureRequestFlag.ExactIntersect)
    return _first(project, layer, tags[0], request)


def same_cell_in_year(project: QgsProject, cell: FoundCell, year: int) -> FoundCell | None:
    """The same cell of the same run in another year; None where that year has no such cell.

    Raises
    ------
    RunFolderError
        As for `cell_at`.
    """
    tag = replace(cell.tag, year=year)
    expression = QgsExpression.createFieldEqualityExpression("cell_id", cell.cell_id)
    request = QgsFeatureRequest().setFilterExpression(expression)
    return _first(project, _cells_layer(project, tag), tag, request)


def _first(project: QgsProject, layer: QgsVectorLayer, tag: RunTag, request: QgsFeatureRequest) -> FoundCell | None:
    feature = next(layer.getFeatures(request), None)
    if feature is None:
        return None
    manifest = _manifest_of(tag)
    return FoundCell(
        cell_id=feature["cell_id"],
        tag=tag,
        report=cell_report(manifest, tag.year, _row(feature), tag.folder / GEOPACKAGE_NAME),
        notice=manifest.notice,
        years=tuple((year, manifest.year_names[year]) for year in reversed(manifest.years)),
        geometry=QgsGeometry(feature.geometry()),
        crs=layer.crs(),
        class_colours=_colours(project, tag, "class"),
        driver_colours=_colours(project, tag, "driver"),
    )


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


def _cells_layer(project: QgsProject, wanted: RunTag) -> QgsVectorLayer:
    for tag, layer in tagged_layers(project):
        if (tag.run_id, tag.year, tag.kind) == (wanted.run_id, wanted.year, "cells") and layer.isValid():
            return layer
    raise RunFolderError(
        "The cells of this year are no longer in the project.",
        path=wanted.folder,
        field="year",
        got="no layer with cells",
        expected=str(wanted.year),
        fix=_OPEN_AGAIN,
    )


def _colours(project: QgsProject, wanted: RunTag, style: str) -> dict[str, QColor]:
    for tag, layer in tagged_layers(project):
        if (tag.run_id, tag.year, tag.style) == (wanted.run_id, wanted.year, style):
            return colours_of(layer.renderer())
    return {}
