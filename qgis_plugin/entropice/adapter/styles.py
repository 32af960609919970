"""Styles come from the run's own GeoPackage, whose hash has been checked; only how things look is taken."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsFeatureRenderer,
    QgsGraduatedSymbolRenderer,
    QgsMapLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

from ..core.errors import RunFolderError
from ..core.run_folder import Run
from ..core.safe_names import REBUILD


def apply_style(layer: QgsVectorLayer, name: str, run: Run) -> None:
    """Give the layer the symbols of the style `name`; actions, forms and scripts of the style are left out.

    Raises
    ------
    RunFolderError
        The GeoPackage has no usable style of this name for the layer.
    """
    document = QDomDocument()
    document.setContent(_qml(layer, name))
    is_applied, problem = layer.importNamedStyle(document, QgsMapLayer.StyleCategory.Symbology)
    if not is_applied:
        raise RunFolderError(
            "A style of the map cannot be used.",
            path=run.geopackage,
            field=f"layer_styles, {layer.name()}",
            got=problem or f"no style {name}",
            expected=f"a style {name}",
            fix=REBUILD,
        )


def colours_of(renderer: QgsFeatureRenderer) -> dict[str, QColor]:
    """The colour of every value of a categorised layer; a category of several values counts for each."""
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return {}
    colours = {}
    for category in renderer.categories():
        value = category.value()
        for single in value if isinstance(value, list) else [value]:
            colours[str(single)] = QColor(category.symbol().color())
    return colours


def pseudocolour_like(renderer: QgsGraduatedSymbolRenderer, provider: object) -> QgsSingleBandPseudoColorRenderer:
    """Colours for band 1 of a raster with the same steps as a graduated polygon layer."""
    ramp = QgsColorRampShader()
    ramp.setColorRampType(Qgis.ShaderInterpolationMethod.Discrete)
    ramp.setColorRampItemList([_step(interval) for interval in renderer.ranges()])
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(provider, 1, shader)


def _step(interval: object) -> QgsColorRampShader.ColorRampItem:
    return QgsColorRampShader.ColorRampItem(interval.upperValue(), QColor(interval.symbol().color()), interval.label())


def _qml(layer: QgsVectorLayer, name: str) -> str:
    n_own, ids, names, _descriptions, _problem = layer.listStylesInDatabase()
    for style_id, style_name in list(zip(ids, names))[: max(n_own, 0)]:
        if style_name == name:
            return layer.getStyleFromDatabase(style_id)[0]
    return ""
