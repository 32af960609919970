"""The look of a result goes with it: onto its layer, and into its GeoPackage for whoever opens that."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingUtils, QgsVectorLayer

from .translate import tr

STYLE_NAME = "Entropice"


def keep_style(target: str, context: QgsProcessingContext, style: Callable[[QgsVectorLayer], None]) -> None:
    """Style the layer of an algorithm's output; its sink must be closed.

    `target` is the id or path that the algorithm returns for its output, and `style` is called with its layer. Into a
    GeoPackage the style is written as ``Entropice``, its default; other formats keep none.

    Raises
    ------
    QgsProcessingException
        The output cannot be read again.
    """
    layer = QgsProcessingUtils.mapLayerFromString(target, context)
    if not isinstance(layer, QgsVectorLayer):
        raise QgsProcessingException(tr("The output cannot be read: %1", target))
    style(layer)
    if layer.storageType() == "GPKG":
        layer.saveStyleToDatabase(STYLE_NAME, "", True, "")
