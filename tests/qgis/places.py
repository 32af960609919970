"""The two places where maps of the Arctic go wrong, in EPSG:3413."""

from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

POLE = QgsPointXY(0, 0)
LINE_OF_180_DEG = QgsGeometry.fromWkt("LINESTRING (0 0, -4000000 4000000)")
MARGIN_M = 5_000


def only_cell_at(cells: QgsVectorLayer, point: QgsPointXY) -> QgsFeature:
    """The one cell that contains the point."""
    (cell,) = [cell for cell in cells.getFeatures() if cell.geometry().contains(point)]
    return cell


def place_on_180_degrees(cells: QgsVectorLayer, predicted: str) -> QgsPointXY:
    """A place on ±180°: the middle of its stretch through the southernmost cell with a value in the column `predicted`.

    It is 5 km inside the cell.
    """
    interiors = [cell.geometry().buffer(-MARGIN_M, 4) for cell in cells.getFeatures(f"{predicted} is not null")]
    stretches = [interior.intersection(LINE_OF_180_DEG) for interior in interiors]
    middles = [stretch.interpolate(stretch.length() / 2).asPoint() for stretch in stretches if not stretch.isEmpty()]
    assert middles, "the run has no cell with a prediction across ±180° (in HEALPix that meridian is a border: use H3)"
    return max(middles, key=POLE.distance)


def across_180_degrees(point: QgsPointXY, offset_m: float) -> QgsPointXY:
    """A place beside one on ±180°: that many metres to the east, negative to the west."""
    return QgsPointXY(point.x() + offset_m / 2**0.5, point.y() + offset_m / 2**0.5)
