"""A map tool that draws one polygon."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

INK = QColor("#2166ac")
_NO_FILL = QColor(0, 0, 0, 0)
_MIN_CORNERS = 3


class PolygonTool(QgsMapTool):
    """Left clicks set corners; a right click, a double click or Enter ends the polygon, Backspace takes a corner back.

    `drawn` tells the polygon in the CRS of the canvas. Escape drops it.
    """

    drawn = pyqtSignal(QgsGeometry)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._corners: list[QgsPointXY] = []
        self._band = area_band(canvas)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Set a corner at a left click, end the polygon at a right one.

        QGIS calls it for each press of a button on the map.
        """
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._corners.append(event.mapPoint())
            self._show(event.mapPoint())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Draw the polygon up to the pointer; QGIS calls it whenever that moves over the map."""
        self._show(event.mapPoint())

    def canvasDoubleClickEvent(self, _event: QgsMapMouseEvent) -> None:
        """End the polygon; QGIS calls it at a double click, whose first press has set the last corner."""
        self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End at Return or Enter, take a corner back at Backspace, drop all at Escape; other keys are the map's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif event.key() == Qt.Key.Key_Backspace:
            self._corners = self._corners[:-1]
            self._show(None)
        elif event.key() == Qt.Key.Key_Escape:
            self.forget()
        else:
            return
        event.ignore()  # so that the canvas does not act on it, too

    def deactivate(self) -> None:
        """Drop what is drawn; QGIS calls it when another tool takes the map."""
        self.forget()
        super().deactivate()

    def finish(self) -> None:
        """Tell the polygon, if it has three corners or more.

        With fewer nothing happens, and the corners stay. The polygon is closed, as it was drawn: whether it is valid is
        not looked at.
        """
        corners = self._corners
        if len(corners) >= _MIN_CORNERS:
            self.forget()
            self.drawn.emit(QgsGeometry.fromPolygonXY([[*corners, corners[0]]]))

    def forget(self) -> None:
        """Drop what is drawn; nothing is told."""
        self._corners = []
        self._band.reset(Qgis.GeometryType.Polygon)

    def release(self) -> None:
        """Take the tool off the canvas.

        It is called once, and the tool cannot be used afterwards.
        """
        self.canvas().unsetMapTool(self)
        self.canvas().scene().removeItem(self._band)
        self.deleteLater()

    def _show(self, pointer: QgsPointXY | None) -> None:
        self._band.reset(Qgis.GeometryType.Polygon)
        for corner in [*self._corners, *([pointer] if pointer and self._corners else [])]:
            self._band.addPoint(corner)


def area_band(canvas: QgsMapCanvas) -> QgsRubberBand:
    """A band that outlines an area on the canvas and leaves the colours of the map as they are."""
    band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    band.setStrokeColor(INK)
    band.setFillColor(_NO_FILL)
    band.setWidth(2)
    band.setLineStyle(Qt.PenStyle.DashLine)
    return band
