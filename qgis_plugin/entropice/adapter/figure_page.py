"""A print layout of one selection of a run: map with graticule, legend, scale bar, credits, run id."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPointXY,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsTextFormat,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..core.graticule import round_length
from ..core.manifest import CRS
from .graticule import graticule_layer, meridian_ends
from .translate import tr

MARGIN_MM, COLUMN_MM, LABEL_MM = 8.0, 66.0, 6.0
_TOP_MM, _SCALE_MM = 5.0, 20.0
_LABEL_WIDTH_MM, _FRAME_MM = 12.0, 0.2
_RAGGED = 1.1
_M_PER_KM = 1000.0
_WRAP_CHARACTERS = 38
_FAMILY = "Open Sans"


@dataclass(frozen=True)
class FigureTexts:
    """What stands on the page beside the map; `notices` must be seen, `credits` are in small print."""

    title: str
    subtitle: str
    notices: tuple[str, ...]
    credits: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Width and height of the page, and the height of the title on top and of the small print at the foot.

    All is in millimetres; y goes downwards, from the top of the page.
    """

    width_mm: float
    height_mm: float
    head_mm: float = 0.0
    foot_mm: float = 0.0

    @property
    def map_room(self) -> QRectF:
        """Where the map may be, in mm, without the labels at its edge.

        From x = 20 mm to 12 mm before the column of the legend, and from 6 mm below the top of that column to 6 mm
        above the small print.
        """
        left, top = MARGIN_MM + _LABEL_WIDTH_MM, self.column_top_mm + LABEL_MM
        right, bottom = self.column_left_mm - _LABEL_WIDTH_MM, self.foot_top_mm - LABEL_MM
        return QRectF(left, top, right - left, bottom - top)

    @property
    def foot_top_mm(self) -> float:
        """Where the small print begins, from the top of the page (mm): `height_mm` − 8 − `foot_mm`."""
        return self.height_mm - MARGIN_MM - self.foot_mm

    @property
    def column_top_mm(self) -> float:
        """Where the column beside the map begins, from the top of the page (mm): 5 + `head_mm`."""
        return _TOP_MM + self.head_mm

    @property
    def text_width_mm(self) -> float:
        """Width of what stands above and below the map (mm): that of the page less both margins, 8 mm each."""
        return self.width_mm - 2 * MARGIN_MM

    @property
    def column_left_mm(self) -> float:
        """Where the column of the legend begins, from the left of the page (mm): `width_mm` − 74."""
        return self.width_mm - COLUMN_MM - MARGIN_MM


def figure_page(
    project: QgsProject, layers: Sequence[QgsVectorLayer], extent: QgsRectangle, texts: FigureTexts, page: Page
) -> QgsPrintLayout:
    """The page for layers, topmost first, in an extent of the run's CRS, widened to fill its room.

    Page and layers are the project's, which has no page yet.

    `layers` get a graticule on top of them, and are added to `project` without a place in its tree. The room of the map
    is what title and small print leave; their heights in `page` are set here. Notices stand in bold at the foot.
    """
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName(texts.title)
    project.layoutManager().addLayout(layout)
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(page.width_mm, page.height_mm))
    # Text is measured by writing it: only then the room of the map is known.
    page = replace(page, head_mm=_head(layout, texts, page), foot_mm=_small_print(layout, texts, page))
    map_item = _map(layout, project, layers, extent, page)
    _edge_labels(layout, map_item)
    _scale_bar(layout, map_item, page)
    _legend(layout, map_item, page)
    return layout


def _map(
    layout: QgsPrintLayout,
    project: QgsProject,
    layers: Sequence[QgsVectorLayer],
    extent: QgsRectangle,
    page: Page,
) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    layout.addLayoutItem(item)
    _place(item, page.map_room)
    item.setCrs(QgsCoordinateReferenceSystem(CRS))
    item.zoomToExtent(extent)
    shown: list[QgsMapLayer] = [graticule_layer(item.extent()), *layers]
    project.addMapLayers(shown, False)
    item.setLayers(shown)
    item.setKeepLayerSet(True)
    item.setFrameEnabled(True)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(_FRAME_MM))
    return item


def _edge_labels(layout: QgsPrintLayout, map_item: QgsLayoutItemMap) -> None:
    """Longitudes where meridians leave the map; of labels that would touch, the first."""
    taken: list[QRectF] = []
    for end in meridian_ends(map_item.extent()):
        room = _beside(map_item, end.point)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            _label(layout, end.text, room, 7, align=Qt.AlignmentFlag.AlignHCenter)


def _beside(map_item: QgsLayoutItemMap, point: QgsPointXY) -> QRectF:
    """Room for a label outside the frame, beside a point on it."""
    extent, frame = map_item.extent(), _rect(map_item)
    across, down = (point.x() - extent.xMinimum()) / extent.width(), (extent.yMaximum() - point.y()) / extent.height()
    x_mm, y_mm = frame.left() + across * frame.width(), frame.top() + down * frame.height()
    height_mm = LABEL_MM - 2
    if min(across, 1 - across) < min(down, 1 - down):
        left_mm = x_mm - _LABEL_WIDTH_MM if across < 0.5 else x_mm
        return QRectF(left_mm, y_mm - height_mm / 2, _LABEL_WIDTH_MM, height_mm)
    top_mm = y_mm - height_mm - 0.5 if down < 0.5 else y_mm + 0.5
    return QRectF(x_mm - _LABEL_WIDTH_MM / 2, top_mm, _LABEL_WIDTH_MM, height_mm)


def _legend(layout: QgsPrintLayout, map_item: QgsLayoutItemMap, page: Page) -> None:
    item = QgsLayoutItemLegend(layout)
    layout.addLayoutItem(item)
    item.setLinkedMap(map_item)
    item.setAutoUpdateModel(False)
    root = item.model().rootGroup()
    root.clear()
    for layer in map_item.layers():
        node = root.addLayer(layer)
        node.setName(_wrapped(layer.name()))
        for number, entry in enumerate(item.model().layerLegendNodes(node)):
            text = _wrapped(str(entry.data(Qt.ItemDataRole.DisplayRole)))
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, text)
        item.model().refreshLayerLegend(node)
    item.setWrapString("\n")
    parts = ((QgsLegendStyle.Style.Subgroup, 9, True, 3.0), (QgsLegendStyle.Style.SymbolLabel, 8, False, 1.4))
    for part, points, bold, gap_mm in parts:
        style = QgsLegendStyle(item.style(part))
        style.setTextFormat(_text_format(points, bold))
        style.setMargin(QgsLegendStyle.Side.Top, gap_mm)
        item.setStyle(part, style)
    item.setSymbolWidth(6)
    item.attemptMove(QgsLayoutPoint(page.column_left_mm - 2, page.column_top_mm + _SCALE_MM))
    item.adjustBoxSize()


def _scale_bar(layout: QgsPrintLayout, map_item: QgsLayoutItemMap, page: Page) -> None:
    item = QgsLayoutItemScaleBar(layout)
    layout.addLayoutItem(item)
    item.setLinkedMap(map_item)
    item.setStyle("Line Ticks Up")
    item.setUnits(Qgis.DistanceUnit.Kilometers)
    item.setUnitLabel("km")
    item.setNumberOfSegments(2)
    item.setNumberOfSegmentsLeft(0)
    item.setUnitsPerSegment(round_length(map_item.extent().width() / _M_PER_KM / 10))
    item.setTextFormat(_text_format(8))
    item.setHeight(2)
    item.update()
    item.attemptMove(QgsLayoutPoint(page.column_left_mm - 1, page.column_top_mm + 2))
    room = QRectF(page.column_left_mm, page.column_top_mm + 13, COLUMN_MM, 8)
    _label(layout, tr("Scale in the middle of the map; north is along the meridians, as their arrows point."), room, 7)


def _head(layout: QgsPrintLayout, texts: FigureTexts, page: Page) -> float:
    """Write title and subtitle, and tell their height."""
    return _stacked(
        layout, [(texts.title, 14, True), (texts.subtitle, 9, False)], page.text_width_mm, lambda _: _TOP_MM
    )


def _small_print(layout: QgsPrintLayout, texts: FigureTexts, page: Page) -> float:
    """Write notices and credits at the foot of the page, and tell their height."""
    told = [*((notice, 8, True) for notice in texts.notices), *((credit, 7, False) for credit in texts.credits)]
    return _stacked(layout, told, page.text_width_mm, lambda height_mm: page.height_mm - MARGIN_MM - height_mm)


def _stacked(
    layout: QgsPrintLayout,
    told: Sequence[tuple[str, float, bool]],
    width_mm: float,
    top_mm: Callable[[float], float],
) -> float:
    """Write paragraphs (text, size in points, bold) below each other, from the top that their height asks for."""
    labels = [_label(layout, text, QRectF(), points, bold) for text, points, bold in told]
    heights_mm = [_height_mm(label, width_mm) for label in labels]
    at_mm = top_mm(sum(heights_mm))
    for label, height_mm in zip(labels, heights_mm):
        _place(label, QRectF(MARGIN_MM, at_mm, width_mm, height_mm))
        at_mm += height_mm
    return sum(heights_mm)


def _height_mm(label: QgsLayoutItemLabel, width_mm: float) -> float:
    one_line = label.sizeForText()
    return one_line.height() * math.ceil(_RAGGED * one_line.width() / width_mm)


def _label(
    layout: QgsPrintLayout,
    text: str,
    room: QRectF,
    points: float,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> QgsLayoutItemLabel:
    item = QgsLayoutItemLabel(layout)
    layout.addLayoutItem(item)
    item.setMode(QgsLayoutItemLabel.Mode.ModeFont)
    item.setText(_as_it_is(text))
    item.setTextFormat(_text_format(points, bold))
    item.setHAlign(align)
    item.setVAlign(
        Qt.AlignmentFlag.AlignVCenter if align == Qt.AlignmentFlag.AlignHCenter else Qt.AlignmentFlag.AlignTop
    )
    item.setMarginX(0)
    item.setMarginY(0)
    _place(item, room)
    return item


def _wrapped(text: str) -> str:
    return textwrap.fill(_as_it_is(text), _WRAP_CHARACTERS)


def _as_it_is(text: str) -> str:
    """A text in which QGIS finds nothing to evaluate."""
    return text.replace("[%", "[ %")


def _place(item: QgsLayoutItem, room: QRectF) -> None:
    item.attemptMove(QgsLayoutPoint(room.left(), room.top()))
    item.attemptResize(QgsLayoutSize(room.width(), room.height()))


def _rect(item: QgsLayoutItem) -> QRectF:
    return QRectF(item.pos().x(), item.pos().y(), item.rect().width(), item.rect().height())


def _text_format(points: float, bold: bool = False) -> QgsTextFormat:
    text = QgsTextFormat()
    font = QFont(_FAMILY)
    font.setBold(bold)
    text.setFont(font)
    text.setSize(points)
    text.setColor(QColor("#202020"))
    return text
