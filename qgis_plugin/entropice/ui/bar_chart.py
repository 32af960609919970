"""Horizontal bars with a label above each, drawn with QPainter."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QLineF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ..core.cell_report import Bar

BAR_HEIGHT_PX = 9
GAP_PX = 7
MINIMUM_WIDTH_PX = 160
_OTHER_COLOUR = QColor("#a8a8a8")


class BarChart(QWidget):
    """Shares as bars from the line of 0; each value is also written out, so colour carries nothing alone.

    The bars' room reaches from the share `lowest`, 0 or less, to 1.
    """

    def __init__(self, parent: QWidget | None = None, *, lowest: float = 0.0) -> None:
        super().__init__(parent)
        self._lowest = lowest
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Replace the bars; one without a colour is grey."""
        self._bars = tuple(bars)
        self.setAccessibleDescription(", ".join(f"{bar.label} {percent(bar.share)}" for bar in self._bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(MINIMUM_WIDTH_PX, len(self._bars) * self._row_height_px())

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return self.sizeHint()

    def track(self, row: int) -> QRectF:
        """The room of one bar, in pixels of the widget."""
        top_px = row * self._row_height_px() + self.fontMetrics().height() + 1.5
        return QRectF(0.5, top_px, self.width() - 1, BAR_HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, bar in enumerate(self._bars):
            self._paint_text(painter, bar, row * self._row_height_px())
            self._paint_bar(painter, bar, self.track(row))
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: Bar, track: QRectF) -> None:
        zero_px, end_px = (self._position_px(share, track) for share in (0.0, bar.share))
        filled = QRectF(min(zero_px, end_px), track.top(), abs(end_px - zero_px), track.height())
        painter.fillRect(filled, _OTHER_COLOUR if bar.colour is None else QColor(bar.colour))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(track)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawLine(QLineF(zero_px, track.top() - 1, zero_px, track.bottom() + 1))

    def _position_px(self, share: float, track: QRectF) -> float:
        return track.left() + track.width() * (share - self._lowest) / (1 - self._lowest)

    def _paint_text(self, painter: QPainter, bar: Bar, top_px: int) -> None:
        area = QRectF(0, top_px, self.width(), self.fontMetrics().height())
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
    """A share as a percentage with one decimal; a small one is never shown as 0."""
    if share == 0:
        return "0.0 %"
    if abs(share) < 0.001:
        return "< 0.1 %" if share > 0 else "> −0.1 %"
    return f"{100 * share:.1f} %".replace("-", "−")
