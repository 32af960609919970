"""Whether a CRS can show the Arctic in one piece."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsPointXY,
)

_LATITUDE_DEG = 75
_STEP_DEG = 10
_LARGEST_TO_SMALLEST = 10


def shows_the_arctic_whole(crs: QgsCoordinateReferenceSystem) -> bool:
    """Whether neighbours along a parallel are neighbours on the map all around the pole: no seam, no smeared cells.

    On the parallel of 75° N, in steps of 10°, the longest step on the map has to be below ten times the shortest. A CRS
    that is not valid, or does not reach a point, does not.
    """
    transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), crs, QgsCoordinateTransformContext())
    longitudes_deg = range(-180, 180, _STEP_DEG)
    try:
        ring = [transform.transform(QgsPointXY(lon_deg, _LATITUDE_DEG)) for lon_deg in longitudes_deg]
    except QgsCsException:
        return False
    steps = [here.distance(there) for here, there in zip(ring, [*ring[1:], ring[0]])]
    return crs.isValid() and max(steps) < _LARGEST_TO_SMALLEST * min(steps)
