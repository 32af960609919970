"""Meridians and parallels of a polar map; arrowheads on the meridians point north, which differs over the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRenderer,
    QgsGeometry,
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

from ..core.graticule import latitude_text, longitude_text, meridians, parallels
from ..core.manifest import CRS
from .haloed_text import haloed_text
from .translate import tr

INK = "#5a5a5a"
_WGS_84 = QgsCoordinateReferenceSystem("EPSG:4326")
_MERIDIAN, _PARALLEL = "meridian", "parallel"
_N_EDGE_POINTS = 25
_N_CIRCLE_POINTS = 720
_SOUTH_DEG = 30.0


@dataclass(frozen=True)
class MeridianEnd:
    """Where a meridian leaves the map to the south, and its longitude in words."""

    point: QgsPointXY
    text: str


def graticule_layer(extent: QgsRectangle) -> QgsVectorLayer:
    """The graticule of an extent in the run's CRS, cut at its edge.

    It is a layer in memory with columns ``kind`` (meridian, parallel) and ``text``; meridians run from 30° N to the
    pole, and are those of `core.graticule.meridians` and `parallels`. `extent` is in EPSG:3413, in metres.
    """
    layer = QgsVectorLayer(f"MultiLineString?crs={CRS}&field=kind:string&field=text:string", tr("Graticule"), "memory")
    features = []
    for kind, text, line in _lines(extent):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(line)
        feature.setAttributes([kind, text])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    layer.setRenderer(_renderer())
    layer.setLabeling(QgsVectorLayerSimpleLabeling(_latitude_labels()))
    layer.setLabelsEnabled(True)
    return layer


def meridian_ends(extent: QgsRectangle) -> list[MeridianEnd]:
    """The southern ends of the meridians of an extent.

    `extent` and points are in EPSG:3413, in metres; meridians that do not meet the extent have no end.
    """
    return [MeridianEnd(QgsPointXY(line.vertexAt(0)), text) for kind, text, line in _lines(extent) if kind == _MERIDIAN]


def _lines(extent: QgsRectangle) -> Iterator[tuple[str, str, QgsGeometry]]:
    """Kind, text and line of each meridian, from south to north, and of each parallel."""
    frame, has_pole = QgsGeometry.fromRect(extent), extent.contains(QgsPointXY(0, 0))
    edge = _on_wgs_84(_edge(extent))
    lats_deg = [point.y() for point in edge]
    for lon_deg in meridians([point.x() for point in edge], has_pole):
        line = _projected([QgsPointXY(lon_deg, _SOUTH_DEG), QgsPointXY(lon_deg, 90.0)]).intersection(frame)
        if not line.isEmpty():
            yield _MERIDIAN, longitude_text(lon_deg), line
    for lat_deg in parallels(min(lats_deg), 90.0 if has_pole else max(lats_deg)):
        lons_deg = [360.0 * number / _N_CIRCLE_POINTS - 180.0 for number in range(_N_CIRCLE_POINTS + 1)]
        line = _projected([QgsPointXY(lon_deg, lat_deg) for lon_deg in lons_deg]).intersection(frame)
        if not line.isEmpty():
            yield _PARALLEL, latitude_text(lat_deg), line


def _edge(extent: QgsRectangle) -> list[QgsPointXY]:
    outline = QgsGeometry.fromRect(extent).densifyByCount(_N_EDGE_POINTS)
    return [QgsPointXY(vertex) for vertex in outline.vertices()]


def _on_wgs_84(points: Sequence[QgsPointXY]) -> list[QgsPointXY]:
    to_wgs_84 = QgsCoordinateTransform(QgsCoordinateReferenceSystem(CRS), _WGS_84, QgsCoordinateTransformContext())
    return [to_wgs_84.transform(point) for point in points]


def _projected(points: Sequence[QgsPointXY]) -> QgsGeometry:
    to_map = QgsCoordinateTransform(_WGS_84, QgsCoordinateReferenceSystem(CRS), QgsCoordinateTransformContext())
    return QgsGeometry.fromPolylineXY([to_map.transform(point) for point in points])


def _renderer() -> QgsFeatureRenderer:
    line = {"line_color": INK, "line_width": "0.15", "line_width_unit": "MM"}
    head = QgsMarkerSymbol.createSimple(
        {"name": "filled_arrowhead", "color": INK, "outline_color": "#ffffff", "size": "2.6", "size_unit": "MM"}
    )
    heads = QgsMarkerLineSymbolLayer(True)
    heads.setPlacements(Qgis.MarkerLinePlacement.CentralPoint)
    heads.setSubSymbol(head)
    meridian, parallel = QgsLineSymbol.createSimple(line), QgsLineSymbol.createSimple(line)
    meridian.appendSymbolLayer(heads)
    categories = [
        QgsRendererCategory(_MERIDIAN, meridian, tr("Meridian; the arrow points north")),
        QgsRendererCategory(_PARALLEL, parallel, tr("Parallel")),
    ]
    return QgsCategorizedSymbolRenderer("kind", categories)


def _latitude_labels() -> QgsPalLayerSettings:
    settings = QgsPalLayerSettings()
    settings.isExpression = True
    settings.fieldName = f'CASE WHEN "kind" = \'{_PARALLEL}\' THEN "text" END'
    settings.placement = Qgis.LabelPlacement.Line
    settings.lineSettings().setPlacementFlags(Qgis.LabelLinePlacementFlag.OnLine)
    settings.setFormat(haloed_text(INK, 7, 0.6))
    return settings
