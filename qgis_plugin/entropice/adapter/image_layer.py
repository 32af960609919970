"""One layer of a run of images as a raster of QGIS, there on the days on which it holds."""

from __future__ import annotations

from datetime import date, timedelta

from qgis.core import Qgis, QgsDateTimeRange, QgsRasterLayer

from ..core.image_layers import ImageLayer
from ..core.image_manifest import ImageManifest
from ..core.image_run import ImageRun
from .days import begin_of
from .image_renderers import image_renderer
from .overview_layer import plain_raster_layer
from .translate import tr


def image_raster(run: ImageRun, layer: ImageLayer) -> QgsRasterLayer:
    """The raster of a layer with its colours, words and days.

    It is in no project yet. Where the layer holds from day to day, these stand in its name and in its temporal
    properties: from midnight UTC of the first day to a second before the first on which it does not hold.

    Raises
    ------
    RunFolderError
        The file is not a plain raster in the run's CRS.
    """
    raster = plain_raster_layer(run.paths[layer.file], layer.title)
    raster.setRenderer(image_renderer(layer, raster.dataProvider()))
    _describe(raster, run.manifest, layer)
    if layer.begins is not None and layer.ends is not None:
        raster.setName(_dated(layer.title, layer.begins, layer.ends))
        _hold(raster, layer.begins, layer.ends)
    return raster


def _describe(raster: QgsRasterLayer, manifest: ImageManifest, layer: ImageLayer) -> None:
    metadata = raster.metadata()
    metadata.setTitle(layer.title)
    metadata.setAbstract("\n".join((layer.description, *manifest.notices)))
    metadata.setRights(list(manifest.attributions))
    raster.setMetadata(metadata)


def _dated(title: str, begins: date, ends: date) -> str:
    last = ends - timedelta(days=1)
    return f"{title}, {begins}" if last == begins else tr("%1, %2 to %3", title, begins, last)


def _hold(raster: QgsRasterLayer, begins: date, ends: date) -> None:
    """QGIS keeps of a raster's range its two ends alone and takes both for inside: the last one is a second less."""
    properties = raster.temporalProperties()
    properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(QgsDateTimeRange(begin_of(begins), begin_of(ends).addSecs(-1)))
    properties.setIsActive(True)
