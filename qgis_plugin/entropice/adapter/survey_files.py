"""A survey plan as the bytes of files: GPX 1.1 for navigation devices, GeoPackage for GIS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from osgeo import gdal, ogr
from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

from ..core.survey_rows import Waypoint

_LAYER = "waypoints"
_NAME, _DESCRIPTION = "name", "desc"
_PLAN = "survey_plan"
_FILE_NUMBERS = count()


def gpx(waypoints: Iterable[Waypoint]) -> bytes:
    """A GPX file; longitudes are in [−180°, 180°), as GPX wants them.

    One waypoint (``wpt``) each, in their order, with ``name`` and ``desc``; places are degrees on WGS 84. It is made in
    memory.
    """
    return _bytes_of("gpx", lambda path: _write_gpx(path, waypoints))


def geopackage(layer: QgsVectorLayer) -> bytes:
    """A GeoPackage with one layer, ``survey_plan``, that has the features and CRS of `layer`; made in memory."""
    return _bytes_of("gpkg", lambda path: _write_geopackage(path, layer))


def _bytes_of(suffix: str, write: Callable[[str], None]) -> bytes:
    path = f"/vsimem/entropice_{next(_FILE_NUMBERS)}.{suffix}"
    try:
        write(path)
        return _content(path)
    finally:
        gdal.Unlink(path)


def _write_geopackage(path: str, layer: QgsVectorLayer) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = _PLAN
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsCoordinateTransformContext(), options)


def _write_gpx(path: str, waypoints: Iterable[Waypoint]) -> None:
    dataset = ogr.GetDriverByName("GPX").CreateDataSource(path)
    layer = dataset.CreateLayer(_LAYER, geom_type=ogr.wkbPoint)
    for waypoint in waypoints:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(_NAME, waypoint.name)
        feature.SetField(_DESCRIPTION, waypoint.description)
        place = ogr.Geometry(ogr.wkbPoint)
        place.AddPoint_2D((waypoint.place.lon_deg + 180) % 360 - 180, waypoint.place.lat_deg)
        feature.SetGeometry(place)
        layer.CreateFeature(feature)
    dataset.FlushCache()


def _content(path: str) -> bytes:
    size = gdal.VSIStatL(path).size
    file = gdal.VSIFOpenL(path, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, size, file))
    finally:
        gdal.VSIFCloseL(file)
