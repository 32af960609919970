"""Where the value of a feature lies among the training rows, and how the map responds to it."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from ..core.features import Distribution, FeatureInCell, ResponsePoint
from ..core.wording import number_text
from .drawing import FAINT, FULL, MEDIUM, Drawing

HISTOGRAM_PX = 28
RESPONSE_PX = 32
MARKER_PX = 6
MARGIN_PX = 7
_DIGITS = 3


class FeatureStrip(Drawing):
    """A histogram with a marker, below it the response curve on the same axis, and the ends of the axis as numbers."""

    _feature: FeatureInCell | None = None

    def show_feature(self, feature: FeatureInCell, text: str) -> None:
        """Show a feature that has a distribution; `text` says the same in words.

        Nothing is drawn of one without a distribution; the curve only where the run tells a response.
        """
        self._feature = feature
        self.describe(text)

    def height_px(self) -> int:
        """The height of marker, histogram, curve where there is one, and numbers below, in pixels.

        They are 6, 28, 32 and the height of the font, and 2 more.
        """
        response_px = RESPONSE_PX if self._feature is not None and self._feature.response else 0
        return MARKER_PX + HISTOGRAM_PX + response_px + self.fontMetrics().height() + 2

    def histogram(self) -> QRectF:
        """The room of the histogram, in pixels of the widget.

        From left to right it reaches from the first to the last edge of the distribution.
        """
        return QRectF(MARGIN_PX, MARKER_PX, self.width() - 2 * MARGIN_PX, HISTOGRAM_PX)

    def response(self) -> QRectF:
        """The room of the response curve, in pixels of the widget.

        Its axis is that of the histogram; effects reach up and down to the largest of curve and range, 0 in the middle.
        """
        return QRectF(MARGIN_PX, MARKER_PX + HISTOGRAM_PX + 3, self.width() - 2 * MARGIN_PX, RESPONSE_PX - 4)

    def draw(self, painter: QPainter) -> None:
        """Paint the histogram, the curve with its 90 % range, the ends of the axis, and the cell's own value."""
        feature = self._feature
        if feature is None or feature.distribution is None:
            return
        self._draw_histogram(painter, feature.distribution)
        if feature.response:
            self._draw_response(painter, feature.distribution, feature.response)
        self._draw_ends(painter, feature.distribution)
        if feature.value is not None:
            self._draw_marker(painter, feature.distribution, feature.value, bool(feature.response))

    def _draw_histogram(self, painter: QPainter, distribution: Distribution) -> None:
        room, edges, counts = self.histogram(), distribution.edges, distribution.counts
        for low, high, n in zip(edges, edges[1:], counts):
            left_px, right_px = (self._x_px(distribution, edge) for edge in (low, high))
            height_px = room.height() * n / max(counts)
            width_px = max(right_px - left_px - 1, 2)
            painter.fillRect(QRectF(left_px, room.bottom() - height_px, width_px, height_px), self.ink(FAINT))
        painter.setPen(self.ink(MEDIUM))
        painter.drawLine(room.bottomLeft(), room.bottomRight())

    def _draw_response(self, painter: QPainter, distribution: Distribution, points: Sequence[ResponsePoint]) -> None:
        room = self.response()
        limit = max(max(abs(point.low_90), abs(point.high_90), abs(point.effect)) for point in points) or 1.0
        x_px = [self._x_px(distribution, point.value) for point in points]

        def line(effects: Sequence[float]) -> list[QPointF]:
            return [
                QPointF(x, room.center().y() - room.height() / 2 * effect / limit) for x, effect in zip(x_px, effects)
            ]

        upper, lower = line([point.high_90 for point in points]), line([point.low_90 for point in points])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.ink(FAINT))
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setPen(QPen(self.ink(MEDIUM), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y()))
        painter.setPen(QPen(self.ink(FULL), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(line([point.effect for point in points])))

    def _draw_ends(self, painter: QPainter, distribution: Distribution) -> None:
        height_px = self.fontMetrics().height()
        area = QRectF(0, self.height() - height_px, self.width(), height_px)
        painter.setPen(self.ink(FULL))
        low, high = (number_text(edge, _DIGITS) for edge in (distribution.edges[0], distribution.edges[-1]))
        if low == high:
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, low)
            return
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, high)

    def _draw_marker(self, painter: QPainter, distribution: Distribution, value: float, has_response: bool) -> None:
        x_px, room = self._x_px(distribution, value), self.histogram()
        bottom_px = self.response().bottom() if has_response else room.bottom()
        colour = self.marker_colour()
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x_px, room.top()), QPointF(x_px, bottom_px))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(_arrow(x_px, room.top(), distribution, value)))

    def marker_colour(self) -> QColor:
        """The colour of the cell's own value.

        It is the palette's colour of what is selected.
        """
        return self.palette().color(QPalette.ColorRole.Highlight)

    def _x_px(self, distribution: Distribution, value: float) -> float:
        room = self.histogram()
        return room.left() + room.width() * distribution.position(value)


def _arrow(x_px: float, top_px: float, distribution: Distribution, value: float) -> list[QPointF]:
    """A triangle: it points down at a value within the axis, and outwards where the value lies beyond its end."""
    half_px = MARKER_PX - 1
    side = (value > distribution.edges[-1]) - (value < distribution.edges[0])
    if side == 0:
        return [QPointF(x_px - half_px, 0), QPointF(x_px + half_px, 0), QPointF(x_px, top_px + 1)]
    middle_px = top_px + half_px
    return [QPointF(x_px, middle_px - half_px), QPointF(x_px, middle_px + half_px),
            QPointF(x_px + side * half_px, middle_px)]  # fmt: skip
