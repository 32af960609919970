"""Horizontal bars with a label above each, drawn with QPainter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ..core.cell_report import Bar

BAR_HEIGHT_PX = 9
GAP_PX = 7
MINIMUM_WIDTH_PX = 160
_OTHER_COLOUR = QColor("#a8a8a8")


class BarChart(QWidget):
    """Shares from 0 to 1 as bars; each value is also written out, so colour carries nothing alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._colours: Mapping[str, QColor] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar], colours: Mapping[str, QColor]) -> None:
        """Replace the bars; a key without a colour is grey."""
        self._bars = tuple(bars)
        self._colours = colours
        self.setAccessibleDescription(", ".join(f"{bar.label} {percent(bar.share)}" for bar in self._bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(MINIMUM_WIDTH_PX, len(self._bars) * self._row_height_px())

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, bar in enumerate(self._bars):
            self._paint_bar(painter, bar, row * self._row_height_px())
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: Bar, top_px: int) -> None:
        text_height_px = self.fontMetrics().height()
        self._paint_text(painter, bar, QRectF(0, top_px, self.width(), text_height_px))
        track = QRectF(0.5, top_px + text_height_px + 1.5, self.width() - 1, BAR_HEIGHT_PX)
        filled = QRectF(track)
        filled.setWidth(track.width() * min(max(bar.share, 0.0), 1.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(filled, self._colours.get(bar.key, _OTHER_COLOUR))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(track)

    def _paint_text(self, painter: QPainter, bar: Bar, area: QRectF) -> None:
        value = percent(bar.share)
        value_width_px = self.fontMetrics().horizontalAdvance(value) + GAP_PX
        label_width_px = max(int(area.width()) - value_width_px, 0)
        label = self.fontMetrics().elidedText(bar.label, Qt.TextElideMode.ElideRight, label_width_px)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, value)

    def _row_height_px(self) -> int:
        return self.fontMetrics().height() + BAR_HEIGHT_PX + GAP_PX


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage with one decimal; a small but positive share is never shown as 0."""
    return "< 0.1 %" if 0 < share < 0.001 else f"{100 * share:.1f} %"
