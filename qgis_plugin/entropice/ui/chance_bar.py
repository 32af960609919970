"""A probability as a bar from 0 to 1, with its range as a whisker."""

from __future__ import annotations

from qgis.PyQt.QtCore import QLineF, QRectF
from qgis.PyQt.QtGui import QColor, QPainter, QPen

from ..core.cell_report import Chance
from .drawing import FULL, MEDIUM, Drawing

BAR_HEIGHT_PX = 11
MARGIN_PX = 3
_OTHER_COLOUR = "#a8a8a8"


class ChanceBar(Drawing):
    """The bar's room is outlined, so that its length can be told from how much is left."""

    _chance = Chance(0.0)
    _colour = _OTHER_COLOUR

    def show_chance(self, chance: Chance, colour: str | None, text: str) -> None:
        """Show a probability; without a colour it is grey. `text` says the same in words.

        `colour` is ``#rrggbb``. The range is drawn where both of its ends are known.
        """
        self._chance, self._colour = chance, colour or _OTHER_COLOUR
        self.describe(text)

    def height_px(self) -> int:
        """The height of bar and margins: 17 pixels."""
        return BAR_HEIGHT_PX + 2 * MARGIN_PX

    def track(self) -> QRectF:
        """The room of the bar, in pixels of the widget.

        Its left end is 0, its right end 1. It begins 3.5 pixels from the left and from above, is 7 pixels narrower than
        the widget, and 10 pixels high.
        """
        return QRectF(MARGIN_PX + 0.5, MARGIN_PX + 0.5, self.width() - 2 * MARGIN_PX - 1, BAR_HEIGHT_PX - 1)

    def draw(self, painter: QPainter) -> None:
        """Paint the bar up to the probability, the outline of its room, and the range as a whisker with ends."""
        track = self.track()
        filled = QRectF(track)
        filled.setRight(self._x_px(self._chance.value))
        painter.fillRect(filled, QColor(self._colour))
        painter.setPen(self.ink(MEDIUM))
        painter.drawRect(track)
        if self._chance.low is not None and self._chance.high is not None:
            self._draw_whisker(painter, self._x_px(self._chance.low), self._x_px(self._chance.high))

    def _draw_whisker(self, painter: QPainter, low_px: float, high_px: float) -> None:
        track = self.track()
        middle_px, half_px = track.center().y(), track.height() / 2 - 2
        lines = [QLineF(low_px, middle_px, high_px, middle_px)]
        lines += [QLineF(x_px, middle_px - half_px, x_px, middle_px + half_px) for x_px in (low_px, high_px)]
        for colour, width_px in ((self.ink(0), 3.5), (self.ink(FULL), 1.5)):
            painter.setPen(QPen(colour, width_px))
            painter.drawLines(lines)

    def _x_px(self, share: float) -> float:
        return self.track().left() + self.track().width() * share
