"""The scales of a manifest as symbols of QGIS: plain fills, made here; nothing of a style file is taken."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsExpression,
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsProperty,
    QgsRasterDataProvider,
    QgsRasterShader,
    QgsRendererCategory,
    QgsRendererRange,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
)
from qgis.PyQt.QtGui import QColor

from ..core.layers import Layer
from ..core.scales import Categorical, Category, Graduated, Single
from ..core.wording import step_texts

PALEST = 0.7
EDGE_MM = 0.4
ALPHA_WITHIN_EDGES = 120


def polygon_renderer(layer: Layer) -> QgsFeatureRenderer:
    """The symbols of a layer whose scale is known, plain fills; null is not drawn.

    Steps of a number become ranges, of which the first that holds a value counts; categories have their colours, other
    values the one for them where the scale has one; a single look is the same for all. Of a layer whose scale is
    unknown there is no renderer: `core.layer_plan.is_drawable` tells.
    """
    if isinstance(layer.scale, Graduated):
        return _graduated(layer, layer.scale)
    if isinstance(layer.scale, Categorical):
        return _categorised(layer, layer.scale)
    return outline_renderer(layer.scale)


def outline_renderer(scale: Single) -> QgsSingleSymbolRenderer:
    """The same outline for all, and the same fill where the scale has one."""
    return QgsSingleSymbolRenderer(_outlined(scale))


def renderer_of_finds(layer: Layer) -> QgsFeatureRenderer:
    """The symbols of what was found or imaged, of which `draw_only` can leave out a part.

    Steps have edges of their colour over what lies below, so that small polygons are seen far away.

    `layer` is that of a task's outlines or tiles.
    """
    if isinstance(layer.scale, Single):
        return QgsCategorizedSymbolRenderer(
            _attribute(layer), [QgsRendererCategory(True, _outlined(layer.scale), layer.title)]
        )
    renderer = polygon_renderer(layer)
    if isinstance(renderer, QgsGraduatedSymbolRenderer):
        for index, step in enumerate(list(renderer.ranges())):
            renderer.updateRangeSymbol(index, _edged(step.symbol().color()))
    return renderer


def draw_only(renderer: QgsFeatureRenderer, layer: Layer, condition: str) -> None:
    """Let symbols of `renderer_of_finds` be drawn where a condition is met; other symbols stay as they are.

    `condition` is an expression of QGIS; what does not meet it has no symbol. The renderer is changed.
    """
    if isinstance(renderer, (QgsGraduatedSymbolRenderer, QgsCategorizedSymbolRenderer)):
        renderer.setClassAttribute(f"CASE WHEN {condition} THEN {_attribute(layer)} END")


def fade(renderer: QgsFeatureRenderer, column: str) -> None:
    """Let cells get paler the nearer a column is to 1, where three tenths of their colour are left.

    Opacity = 100 (1 − 0.7 c) %, c being the value of the column, in 0..1, and 0 where it is null. The renderer is
    changed; one that has neither steps nor categories stays as it is.
    """
    expression = f"100 * (1 - {PALEST} * coalesce({QgsExpression.quotedColumnRef(column)}, 0))"
    opacity = QgsProperty.fromExpression(expression)
    if isinstance(renderer, QgsGraduatedSymbolRenderer):
        for index, step in enumerate(list(renderer.ranges())):
            renderer.updateRangeSymbol(index, _with_opacity(step.symbol(), opacity))
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        for index, category in enumerate(list(renderer.categories())):
            renderer.updateCategorySymbol(index, _with_opacity(category.symbol(), opacity))


def _with_opacity(symbol: QgsSymbol, opacity: QgsProperty) -> QgsSymbol:
    faded = symbol.clone()
    faded.setDataDefinedProperty(QgsSymbol.Property.Opacity, opacity)
    return faded


def raster_renderer(layer: Layer, provider: QgsRasterDataProvider) -> QgsSingleBandPseudoColorRenderer:
    """The colours of a graduated layer for band 1 of a raster; rounding cannot push a value beyond the last step.

    A value on a break belongs to the lower step; below the first break it has the colour of the first. The layer's
    scale has to be graduated.
    """
    uppers = (*layer.scale.breaks[1:-1], math.inf)
    ramp = QgsColorRampShader()
    ramp.setColorRampType(Qgis.ShaderInterpolationMethod.Discrete)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(upper, QColor(colour), text)
            for upper, colour, text in zip(uppers, layer.scale.colours, _step_labels(layer, layer.scale))
        ]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(provider, 1, shader)


def _graduated(layer: Layer, scale: Graduated) -> QgsGraduatedSymbolRenderer:
    steps = zip(scale.breaks, scale.breaks[1:], scale.colours, _step_labels(layer, scale))
    ranges = [QgsRendererRange(low, high, _filled(colour), text) for low, high, colour, text in steps]
    return QgsGraduatedSymbolRenderer(_attribute(layer), ranges)


def _categorised(layer: Layer, scale: Categorical) -> QgsCategorizedSymbolRenderer:
    width_mm = scale.outline_width_mm
    categories = [QgsRendererCategory(_values(item), _symbol(item, width_mm), item.label) for item in scale.categories]
    if scale.other is not None:
        other = Category("", scale.other.label, scale.other.colour)
        categories.append(QgsRendererCategory(True, _symbol(other, width_mm), other.label))
    return QgsCategorizedSymbolRenderer(_attribute(layer), categories)


def _attribute(layer: Layer) -> str:
    """An expression: what decides the symbol, true where all have the same."""
    if isinstance(layer.scale, Single):
        return "true"
    column = QgsExpression.quotedColumnRef(layer.column)
    if isinstance(layer.scale, Categorical) and layer.scale.other is not None:
        return _others_are_true(column, layer.scale)
    return column


def _others_are_true(column: str, scale: Categorical) -> str:
    """An expression: a value that has a category, true for any other, null for null.

    QGIS's own category for "all other values" would also draw null.
    """
    values = [value for item in scale.categories for value in (item.value, *item.also)]
    known = ", ".join(map(QgsExpression.quotedValue, values))
    return f"CASE WHEN {column} IN ({known}) THEN {column} WHEN {column} IS NOT NULL THEN true END"


def _values(category: Category) -> str | list[str]:
    return [category.value, *category.also] if category.also else category.value


def _step_labels(layer: Layer, scale: Graduated) -> Sequence[str]:
    return scale.labels or step_texts(layer, scale.breaks)


def _symbol(category: Category, outline_width_mm: float | None) -> QgsFillSymbol:
    if outline_width_mm is not None:
        return _outlined(Single(None, category.colour, outline_width_mm))
    return _hatched(category.colour) if category.is_hatched else _filled(category.colour)


def _hatched(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"color": colour, "style": "b_diagonal", "outline_style": "no"})


def _filled(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"color": colour, "outline_style": "no"})


def _edged(colour: QColor) -> QgsFillSymbol:
    symbol = _outlined(Single(colour.name(), colour.name(), EDGE_MM))
    symbol.symbolLayer(0).setFillColor(QColor(colour.red(), colour.green(), colour.blue(), ALPHA_WITHIN_EDGES))
    return symbol


def _outlined(scale: Single) -> QgsFillSymbol:
    fill = {"style": "no"} if scale.fill is None else {"color": scale.fill}
    outline = {"outline_color": scale.stroke, "outline_width": str(scale.stroke_width_mm), "outline_width_unit": "MM"}
    return QgsFillSymbol.createSimple({**fill, **outline})
