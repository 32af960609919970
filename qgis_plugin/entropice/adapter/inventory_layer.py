"""The inventory of a task of images as a layer of outlines, each there in its year."""

from __future__ import annotations

import html

from qgis.core import Qgis, QgsLayerMetadata, QgsVectorLayer

from ..core.image_inventory import ImageInventory
from ..core.image_manifest import ImageManifest
from ..core.image_run import ImageRun
from .renderers import outline_renderer
from .table_layer import plain_table_layer
from .task_layers import tell_fields


def inventory_layer(run: ImageRun, inventory: ImageInventory) -> QgsVectorLayer:
    """The outlines with their look, words and years.

    It is read-only and in no project yet; an outline is drawn from its day of begin to before that of its end, as the
    columns that the manifest names say.

    Raises
    ------
    RunFolderError
        QGIS cannot read the table, or its geometry, CRS or row count is not as the manifest says.
    """
    outlines = inventory.outlines
    layer = plain_table_layer(run.paths[inventory.file], outlines, outlines.title)
    layer.setRenderer(outline_renderer(inventory.style))
    tell_fields(layer, outlines.title)
    _describe(layer, run.manifest, outlines.title)
    _hold(layer, inventory)
    return layer


def _describe(layer: QgsVectorLayer, manifest: ImageManifest, title: str) -> None:
    metadata = QgsLayerMetadata()
    metadata.setTitle(html.escape(title))
    metadata.setAbstract("\n".join(map(html.escape, manifest.notices)))
    metadata.setRights([html.escape(text) for text in manifest.attributions])
    layer.setMetadata(metadata)


def _hold(layer: QgsVectorLayer, inventory: ImageInventory) -> None:
    """Begins are inside of the time of an outline, ends are not."""
    properties = layer.temporalProperties()
    properties.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields)
    properties.setStartField(inventory.begins)
    properties.setEndField(inventory.ends)
    properties.setLimitMode(Qgis.VectorTemporalLimitMode.IncludeBeginExcludeEnd)
    properties.setIsActive(True)
