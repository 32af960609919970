"""What all charts have in common: they are drawn with QPainter, take the keyboard's focus, and say what they show."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from .labels import hover_text

MINIMUM_WIDTH_PX = 120
FAINT, MEDIUM, FULL = 0.25, 0.55, 1.0


class Drawing(QWidget):
    """A widget of one height whose content `draw` paints; without colours of its own it follows the palette."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def height_px(self) -> int:
        """The height of the content in pixels; each chart says its own.

        Raises
        ------
        NotImplementedError
            The chart does not say it.
        """
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the content, in pixels from the upper left corner; each chart paints its own.

        Qt calls `paintEvent`, which calls this and frames the chart where it has the keyboard's focus.

        Raises
        ------
        NotImplementedError
            The chart does not say how.
        """
        raise NotImplementedError

    def describe(self, text: str) -> None:
        """Say in words what is drawn, to screen readers and beside the mouse, and paint anew.

        An empty text gives no tooltip. The height is asked for anew.
        """
        self.setAccessibleDescription(text)
        self.setToolTip(hover_text(text))
        self.updateGeometry()
        self.update()

    def ink(self, strength: float) -> QColor:
        """The colour of text, or one between it and the ground: 0 cannot be seen, 1 is text.

        Each of red, green and blue is strength · text + (1 − strength) · ground, rounded.
        """
        text, ground = (
            self.palette().color(role) for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window)
        )
        parts = zip(text.getRgb()[:3], ground.getRgb()[:3])
        return QColor(*(round(strength * over + (1 - strength) * under) for over, under in parts))

    def sizeHint(self) -> QSize:
        """What size Qt lays the chart out with: 120 pixels or wider, and as high as `height_px` says."""
        return QSize(MINIMUM_WIDTH_PX, self.height_px())

    def minimumSizeHint(self) -> QSize:
        """Below which size Qt never lays the chart out: that of `sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart anew; Qt calls it whenever a part of the widget is to be seen again."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1))
        painter.end()
