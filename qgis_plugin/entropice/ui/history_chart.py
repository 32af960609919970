"""The probability of any slump in each year with its range, and below it what was observed."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QLineF, QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from ..core.cell_report import Chance, Observation, YearOfCell
from ..core.wording import number_text, round_limit
from .drawing import FAINT, FULL, MEDIUM, Drawing

PLOT_PX = 70
GLYPH_PX = 5
MARGIN_PX = 6
SEEN, NOT_SEEN, UNOBSERVED = "observed_with", "observed_without", "unobserved"
_OTHER_COLOUR = "#a8a8a8"
_DIGITS = 2


class HistoryChart(Drawing):
    """Years from left to right; the year that is shown elsewhere stands on a band."""

    _years: tuple[YearOfCell, ...] = ()
    _shown = 0

    def show_history(self, years: Sequence[YearOfCell], shown: int, text: str) -> None:
        """Show years, the year `shown` on a band; `text` says the same in words.

        Years stand in their order; where `shown` is none of them there is no band. `text` is for screen readers and the
        mouse.
        """
        self._years, self._shown = tuple(years), shown
        self.describe(text)

    def height_px(self) -> int:
        """The height of plot, signs of observations, numbers of years, and margins, in pixels.

        98 and the height of the font.
        """
        return MARGIN_PX + PLOT_PX + 2 * MARGIN_PX + 2 * GLYPH_PX + self.fontMetrics().height()

    def plot(self) -> QRectF:
        """The room of the probabilities, in pixels of the widget.

        Its lower end is 0, its upper end the highest probability or end of a range, rounded up to 1, 2 or 5 times a
        power of ten, at most 1; it is 1 where none is known or all are 0.
        """
        left_px = self.fontMetrics().horizontalAdvance(self._limit_text()) + MARGIN_PX
        return QRectF(left_px, MARGIN_PX, self.width() - left_px - MARGIN_PX, PLOT_PX)

    def place(self, index: int, share: float) -> QPointF:
        """Where a probability of one of the years is drawn, in pixels of the widget.

        `index` counts the years from 0, `share` is in 0..1; there has to be a year.

        Raises
        ------
        ZeroDivisionError
            No years are shown.
        """
        plot = self.plot()
        x_px = plot.left() + plot.width() * (index + 0.5) / len(self._years)
        return QPointF(x_px, plot.bottom() - plot.height() * share / self._limit())

    def glyph(self, index: int) -> QPointF:
        """Where the observation of one of the years is drawn, in pixels of the widget.

        `index` counts the years from 0.

        Raises
        ------
        ZeroDivisionError
            No years are shown.
        """
        return QPointF(self.place(index, 0).x(), self.plot().bottom() + MARGIN_PX + GLYPH_PX)

    def draw(self, painter: QPainter) -> None:
        """Paint axes and years, the probabilities with their ranges, and a sign for each observation.

        Without years nothing is painted.
        """
        if not self._years:
            return
        self._draw_axes(painter)
        for index, year in enumerate(self._years):
            if year.chance is not None:
                self._draw_chance(painter, index, year.chance)
            if year.observation is not None:
                draw_glyph(painter, self.glyph(index), year.observation, self.ink(FULL))

    def _draw_axes(self, painter: QPainter) -> None:
        plot, height_px = self.plot(), self.fontMetrics().height()
        shown = next((index for index, year in enumerate(self._years) if year.year == self._shown), None)
        slot_px = plot.width() / len(self._years)
        if shown is not None:
            band = QRectF(plot.left() + shown * slot_px, plot.top(), slot_px, self.height() - plot.top())
            painter.fillRect(band, self.ink(FAINT / 2))
        for share, text in ((0.0, "0"), (self._limit(), self._limit_text())):
            y_px = self.place(0, share).y()
            painter.setPen(self.ink(FAINT))
            painter.drawLine(QLineF(plot.left(), y_px, plot.right(), y_px))
            painter.setPen(self.ink(FULL))
            area = QRectF(0, max(y_px - height_px / 2, 0), plot.left() - MARGIN_PX / 2, height_px)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        self._draw_years(painter, slot_px)

    def _draw_years(self, painter: QPainter, slot_px: float) -> None:
        """The years as numbers; as many as have room."""
        height_px = self.fontMetrics().height()
        widest_px = max(self.fontMetrics().horizontalAdvance(f" {year.year} ") for year in self._years)
        step = int(widest_px // slot_px) + 1
        for index in range(len(self._years) - 1, -1, -step):
            area = QRectF(self.place(index, 0).x() - widest_px, self.height() - height_px, 2 * widest_px, height_px)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(self._years[index].year))

    def _draw_chance(self, painter: QPainter, index: int, chance: Chance) -> None:
        painter.setPen(QPen(self.ink(MEDIUM), 2))
        if chance.low is not None and chance.high is not None:
            painter.drawLine(QLineF(self.place(index, chance.low), self.place(index, chance.high)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.dot_colour())
        painter.drawEllipse(self.place(index, chance.value), 4, 4)

    def dot_colour(self) -> QColor:
        """The colour of the probabilities.

        It is the palette's colour of what is selected.
        """
        return self.palette().color(QPalette.ColorRole.Highlight)

    def _limit(self) -> float:
        chances = [year.chance for year in self._years if year.chance is not None]
        highest = max((max(chance.value, chance.high or 0.0) for chance in chances), default=0.0)
        return min(round_limit(highest), 1.0) if highest > 0 else 1.0

    def _limit_text(self) -> str:
        return f"{number_text(100 * self._limit(), _DIGITS)} %"


def draw_glyph(painter: QPainter, centre: QPointF, observation: Observation, ink: QColor) -> None:
    """A diamond where slumps were seen, a circle where none were, a line where nobody looked, else a square.

    The states are ``observed_with``, ``observed_without`` and ``unobserved``. `centre` is in pixels, `ink` the colour
    of its edge; its fill is the observation's colour, grey where it has none.
    """
    x_px, y_px = centre.x(), centre.y()
    painter.setPen(QPen(ink, 1))
    painter.setBrush(QColor(observation.colour or _OTHER_COLOUR))
    if observation.state == SEEN:
        corners = ((0, -GLYPH_PX), (GLYPH_PX, 0), (0, GLYPH_PX), (-GLYPH_PX, 0))
        painter.drawPolygon(QPolygonF([QPointF(x_px + right, y_px + down) for right, down in corners]))
    elif observation.state == NOT_SEEN:
        painter.drawEllipse(centre, GLYPH_PX - 1, GLYPH_PX - 1)
    elif observation.state == UNOBSERVED:
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QLineF(x_px - GLYPH_PX, y_px, x_px + GLYPH_PX, y_px))
    else:
        painter.drawRect(QRectF(x_px - 3, y_px - 3, 6, 6))
