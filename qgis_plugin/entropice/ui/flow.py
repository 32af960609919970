"""Widgets in a line that goes on below where it is full, so that long words never widen the dock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qgis.PyQt.QtCore import QRect, QSize
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

GAP_PX = 4


class Flow(QWidget):
    """The widgets keep their own size; one that is wider than the flow is narrowed to it."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self._widgets = tuple(widgets)
        for widget in self._widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """How high the lines are in a width, both in pixels; Qt asks for it when it lays them out.

        0 without widgets.
        """
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """What size Qt lays the flow out with: any width, and the height that the present one needs."""
        return QSize(0, self.heightForWidth(self.width()))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Put the widgets into lines again; Qt calls it when the size has changed."""
        for widget, place in self._places(self.width()):
            widget.setGeometry(place)

    def _places(self, width: int) -> Iterator[tuple[QWidget, QRect]]:
        left = top = line_height = 0
        for widget in self._widgets:
            size = widget.sizeHint().boundedTo(QSize(width, widget.sizeHint().height()))
            if left and left + size.width() > width:
                left, top, line_height = 0, top + line_height + GAP_PX, 0
            yield widget, QRect(left, top, size.width(), size.height())
            left, line_height = left + size.width() + GAP_PX, max(line_height, size.height())
