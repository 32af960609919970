"""The area of a survey and the places it shall be near to, as QGIS gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsGeometry,
    QgsPoint,
    QgsPointXY,
)

from ..core.errors import RunFolderError
from ..core.survey_cells import Candidate, Place
from .translate import tr

WGS_84 = QgsCoordinateReferenceSystem("EPSG:4326")


@dataclass(frozen=True)
class Area:
    """Polygons whose edges are straight in `crs`."""

    polygons: QgsGeometry
    crs: QgsCoordinateReferenceSystem


def area_of(features: Iterable[QgsFeature], crs: QgsCoordinateReferenceSystem, folder: Path) -> Area:
    """The polygons of features as one area.

    They are mended where they are not valid, and united; features without geometry are passed over. `folder` is named
    in the error alone.

    Raises
    ------
    RunFolderError
        There is no polygon among them.
    """
    polygons = [feature.geometry().makeValid() for feature in features if feature.hasGeometry()]
    area = QgsGeometry.unaryUnion(polygons)
    if area.isEmpty():
        raise RunFolderError(
            tr("No survey can be planned."),
            path=folder,
            field="area",
            got=tr("no polygon"),
            expected=tr("a layer with polygons"),
            fix=tr("Choose another layer, or select polygons of it."),
        )
    return Area(area, crs)


def inside(candidates: Sequence[Candidate], area: Area) -> list[Candidate]:
    """The candidates whose centre lies in the area; each is looked for in the area's own CRS.

    On the border counts as inside. A centre that the area's CRS does not reach is outside. Candidates keep their order.
    """
    engine = QgsGeometry.createGeometryEngine(area.polygons.constGet())
    engine.prepareGeometry()
    to_area = QgsCoordinateTransform(WGS_84, area.crs, QgsCoordinateTransformContext())
    return [cell for cell in candidates if (centre := _moved(cell.place, to_area)) and engine.intersects(centre)]


def places_of(features: Iterable[QgsFeature], crs: QgsCoordinateReferenceSystem) -> tuple[Place, ...]:
    """The points of features as places on WGS 84, one or several each, in their order.

    Of lines and polygons every vertex is a place.

    Raises
    ------
    QgsCsException
        A point cannot be brought to WGS 84.
    """
    to_wgs_84 = QgsCoordinateTransform(crs, WGS_84, QgsCoordinateTransformContext())
    vertices = [vertex for feature in features for vertex in feature.geometry().vertices()]
    points = [to_wgs_84.transform(QgsPointXY(vertex)) for vertex in vertices]
    return tuple(Place(point.x(), point.y()) for point in points)


def _moved(place: Place, to_area: QgsCoordinateTransform) -> QgsPoint | None:
    """The place in the CRS of the area; None where that CRS does not reach it."""
    try:
        return QgsPoint(to_area.transform(QgsPointXY(place.lon_deg, place.lat_deg)))
    except QgsCsException:
        return None
