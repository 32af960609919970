"""The share of a driver as a bar to one side of a centre line, with marks of what means nothing."""

from __future__ import annotations

from qgis.PyQt.QtCore import QLineF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QPainter, QPen

from ..core.cell_report import Driver
from .drawing import FULL, MEDIUM, Drawing

BAR_HEIGHT_PX = 11
MARGIN_PX = 3
DASHES = (2.0, 1.5)
_OTHER_COLOUR = "#a8a8a8"


class DriverBar(Drawing):
    """Right of the centre line speaks for, left of it against; a driver not told apart from chance is hatched."""

    _driver: Driver | None = None
    _limit = 1.0

    def show_driver(self, driver: Driver, limit: float, text: str) -> None:
        """Show a driver where the bar's room reaches from −`limit` to `limit`; `text` says the same in words.

        A share beyond `limit` ends at it.
        """
        self._driver, self._limit = driver, limit
        self.describe(text)

    def height_px(self) -> int:
        """The height of bar and margins: 17 pixels."""
        return BAR_HEIGHT_PX + 2 * MARGIN_PX

    def track(self) -> QRectF:
        """The room of the bar, in pixels of the widget.

        Its left end is −limit, its right end limit. It begins 3.5 pixels from the left and from above, is 7 pixels
        narrower than the widget, and 10 pixels high.
        """
        return QRectF(MARGIN_PX + 0.5, MARGIN_PX + 0.5, self.width() - 2 * MARGIN_PX - 1, BAR_HEIGHT_PX - 1)

    def draw(self, painter: QPainter) -> None:
        """Paint the bar from the centre line to the driver's share, its room, and dashed marks.

        The marks stand at ± what chance reaches. Nothing is painted before a driver is shown; marks are there where its
        set was tested.
        """
        if self._driver is None:
            return
        track, zero_px, end_px = self.track(), self._x_px(0), self._x_px(self._driver.share)
        bar = QRectF(min(zero_px, end_px), track.top(), abs(end_px - zero_px), track.height())
        self._draw_bar(painter, bar, self._driver)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.ink(MEDIUM))
        painter.drawRect(track)
        self._draw_null(painter, self._driver)
        painter.setPen(QPen(self.ink(FULL), 2))
        painter.drawLine(QLineF(zero_px, track.top() - MARGIN_PX, zero_px, track.bottom() + MARGIN_PX))

    def _draw_bar(self, painter: QPainter, bar: QRectF, driver: Driver) -> None:
        colour = QColor(driver.colour or _OTHER_COLOUR)
        if driver.tested is None or driver.tested.is_discovery:
            painter.fillRect(bar, colour)
            return
        painter.fillRect(bar, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setPen(colour)
        painter.drawRect(bar)

    def _draw_null(self, painter: QPainter, driver: Driver) -> None:
        if driver.tested is None:
            return
        null_share, track = driver.tested.null_share(driver.share), self.track()
        pen = QPen(self.ink(FULL), 1.5)
        pen.setDashPattern(DASHES)
        painter.setPen(pen)
        for share in (-null_share, null_share):
            x_px = self._x_px(share)
            painter.drawLine(QLineF(x_px, track.top() - MARGIN_PX, x_px, track.bottom() + MARGIN_PX))

    def _x_px(self, share: float) -> float:
        track = self.track()
        return track.center().x() + track.width() / 2 * max(min(share / self._limit, 1.0), -1.0)
