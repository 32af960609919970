"""The styles of layers of images as renderers of QGIS: made here; nothing of a style file is taken."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterDataProvider,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from ..core.image_layers import ImageLayer, Ramp, Stop, Values
from ..core.wording import number_text, unit_text

_N_DIGITS = 3


def image_renderer(layer: ImageLayer, provider: QgsRasterDataProvider) -> QgsRasterRenderer:
    """The colours of band 1 of a raster; what is not known is not drawn.

    Of a ramp colours are interpolated between its stops, and values beyond have that of the nearer end; of categories
    each value has its own, and others are not drawn. No-data and NaN are what is not known.
    """
    if isinstance(layer.style, Values):
        return _paletted(layer.style, provider)
    return _pseudocolour(layer.style, unit_text(layer.unit), provider)


def _pseudocolour(ramp: Ramp, unit: str, provider: QgsRasterDataProvider) -> QgsSingleBandPseudoColorRenderer:
    low, high = ramp.stops[0].value, ramp.stops[-1].value
    colours = QgsColorRampShader(low, high)
    colours.setColorRampType(Qgis.ShaderInterpolationMethod.Linear)
    colours.setColorRampItemList([_item(stop, unit) for stop in ramp.stops])
    shader = QgsRasterShader(low, high)
    shader.setRasterShaderFunction(colours)
    renderer = QgsSingleBandPseudoColorRenderer(provider, 1, shader)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    return renderer


def _item(stop: Stop, unit: str) -> QgsColorRampShader.ColorRampItem:
    label = f"{number_text(stop.value, _N_DIGITS)} {unit}".rstrip()
    return QgsColorRampShader.ColorRampItem(stop.value, QColor(stop.colour), label)


def _paletted(values: Values, provider: QgsRasterDataProvider) -> QgsPalettedRasterRenderer:
    classes = [QgsPalettedRasterRenderer.Class(one.value, QColor(one.colour), one.title) for one in values.values]
    return QgsPalettedRasterRenderer(provider, 1, classes)
