"""Where polygons of two grids overlap, by QGIS's own geometry engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeedback,
    QgsGeometry,
    QgsGeometryEngine,
    QgsProcessingException,
    QgsSpatialIndex,
)

from ..core.comparison_cells import Piece
from ..core.manifest import CRS
from .translate import tr

EQUAL_AREA_CRS = "EPSG:6931"
_SLIVER_SHARE = 1e-9

Polygon = tuple[int, QgsGeometry]


def overlay_pieces(fine: Sequence[Polygon], coarse: Sequence[Polygon], feedback: QgsFeedback) -> list[Piece]:
    """The part of every polygon of `fine` in every one of `coarse` that it meets, on the equal-area polar plane.

    A piece is (area of the intersection) / (area of the fine polygon), in EPSG:6931, and 1 where the coarse polygon
    contains it; shares up to 1e-9, such as of polygons that only touch, are none. Pieces stand in the order of
    `coarse`. Polygons that are not valid are mended first; the given ones stay as they are.

    Parameters
    ----------
    fine, coarse
        Id and polygon in the CRS of runs.

    Raises
    ------
    QgsProcessingException
        It was cancelled.
    """
    # Ids of cells need 64 bits, and a spatial index takes its own for features: so it holds rows.
    fine_by_row = [(cell_id, _equal_area(polygon)) for cell_id, polygon in fine]
    index = QgsSpatialIndex()
    for row, (_, polygon) in enumerate(fine_by_row):
        feature = QgsFeature(row)
        feature.setGeometry(polygon)
        index.addFeature(feature)
    pieces: list[Piece] = []
    for number, (larger_id, polygon) in enumerate(coarse):
        if feedback.isCanceled():
            raise QgsProcessingException(tr("Cancelled."))
        pieces.extend(_pieces_in(larger_id, _equal_area(polygon), index, fine_by_row))
        feedback.setProgress(100 * (number + 1) / len(coarse))
    return pieces


def _pieces_in(larger_id: int, larger: QgsGeometry, index: QgsSpatialIndex, fine: Sequence[Polygon]) -> Iterator[Piece]:
    engine = QgsGeometry.createGeometryEngine(larger.constGet())
    engine.prepareGeometry()
    for row in index.intersects(larger.boundingBox()):
        cell_id, polygon = fine[row]
        share = _share_inside(engine, polygon)
        # Polygons that only share a border still intersect in slivers, by rounding of the projection.
        if share > _SLIVER_SHARE:
            yield Piece(cell_id, larger_id, share)


def _share_inside(larger: QgsGeometryEngine, polygon: QgsGeometry) -> float:
    if larger.contains(polygon.constGet()):
        return 1.0
    shared = QgsGeometry(larger.intersection(polygon.constGet()))
    return 0.0 if shared.isNull() else float(shared.area() / polygon.area())


def _equal_area(polygon: QgsGeometry) -> QgsGeometry:
    to_equal_area = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(CRS),
        QgsCoordinateReferenceSystem(EQUAL_AREA_CRS),
        QgsCoordinateTransformContext(),
    )
    projected = QgsGeometry(polygon)
    projected.transform(to_equal_area)
    return projected if projected.isGeosValid() else projected.makeValid()
