"""A click on the map shows the cell in the dock and outlines it."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis, QgsPointXY, QgsProject
from qgis.gui import QgisInterface, QgsMapToolEmitPoint, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from ..adapter.cell_lookup import FoundCell, cell_at
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from .cell_dock import CellDock
from .messages import show_error


class CellExplorer:
    """Joins map tool, dock and outline; `close` undoes all of it."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._cell: FoundCell | None = None
        self.dock = CellDock(iface.mainWindow())
        self.dock.year_chosen.connect(self.show_year)
        self.tool = QgsMapToolEmitPoint(self._canvas)
        self.tool.canvasClicked.connect(lambda point, _button: self.show_cell_at(point))
        self._outline = QgsRubberBand(self._canvas, Qgis.GeometryType.Polygon)
        self._outline.setStrokeColor(QColor("#101010"))
        self._outline.setFillColor(QColor(0, 0, 0, 0))
        self._outline.setWidth(3)
        QgsProject.instance().cleared.connect(self.forget)

    def show_cell_at(self, point: QgsPointXY) -> None:
        """Show the cell at a point of the canvas."""
        crs = self._canvas.mapSettings().destinationCrs()
        self._show(lambda: cell_at(QgsProject.instance(), self._canvas.layers(), point, crs))

    def show_year(self, year: int) -> None:
        """Show the cell that is shown, in another year."""
        cell = self._cell
        if cell is not None:
            self._show(lambda: cell.in_year(year))

    def forget(self) -> None:
        """Show no cell."""
        self._cell = None
        self._outline.reset(Qgis.GeometryType.Polygon)
        self.dock.show_hint(tr("There is no cell of an Entropice run here."))

    def close(self) -> None:
        """Remove dock, tool and outline."""
        QgsProject.instance().cleared.disconnect(self.forget)
        self._canvas.unsetMapTool(self.tool)
        self._canvas.scene().removeItem(self._outline)
        self._iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.tool.deleteLater()

    def _show(self, find: Callable[[], FoundCell | None]) -> None:
        try:
            self._cell = find()
        except RunFolderError as error:
            show_error(self._iface, error)
            return
        if self._cell is None:
            self.forget()
            return
        self._outline.setToGeometry(self._cell.geometry, self._cell.crs)
        self.dock.show_cell(self._cell)
        self.dock.setUserVisible(True)
