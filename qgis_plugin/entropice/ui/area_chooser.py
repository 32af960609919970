"""The area of a survey: all of the run, the view, a drawn polygon, or the polygons of a layer."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from qgis.gui import QgisInterface, QgsMapLayerComboBox, QgsMapTool
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ..adapter.survey_area import Area, area_of
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.manifest import CRS
from .polygon_tool import PolygonTool, area_band

EVERYWHERE, VIEW, DRAWN, LAYER = range(4)


class AreaChooser(QWidget):
    """Choose an area; the map shows its outline while the chooser is visible.

    `changed` is sent whenever what is chosen changes, also when a drawing is begun and nothing is chosen yet.
    """

    changed = pyqtSignal()

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._taken: tuple[QgsGeometry, QgsCoordinateReferenceSystem] | None = None
        self._tool_before: QgsMapTool | None = None
        self._band = area_band(self._canvas)
        self.tool = PolygonTool(self._canvas)
        self.tool.drawn.connect(self._take_drawn)
        self.kind = QComboBox()
        kinds = (tr("All of the run"), tr("The view of the map"), tr("A drawn polygon"), tr("Polygons of a layer"))
        for data, text in enumerate(kinds):
            self.kind.addItem(text, data)
        self.kind.activated.connect(lambda _index: self.renew())
        self.again = QPushButton()
        self.again.clicked.connect(self.renew)
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(Qgis.LayerFilter.PolygonLayer)
        self.layer.layerChanged.connect(lambda _layer: self.changed.emit())
        self._lay_out()
        self._show_parts()

    def area(self, folder: Path) -> Area | None:
        """What is chosen; None for all of the run in `folder`.

        The view and what is drawn are in the CRS of the canvas at that moment; of a layer its selected features count,
        all where none is selected. Nothing is read from `folder`, which errors name.

        Raises
        ------
        RunFolderError
            Nothing is drawn yet, or the layer has no polygon.
        """
        kind = self.kind.currentData()
        if kind == EVERYWHERE:
            return None
        layer = self.layer.currentLayer()
        if kind == LAYER and layer is not None:
            return area_of(layer.selectedFeatures() or layer.getFeatures(), layer.crs(), folder)
        if kind != LAYER and self._taken is not None:
            return Area(*self._taken)
        raise RunFolderError(
            tr("No survey can be planned."),
            path=folder,
            field="area",
            got=tr("none"),
            expected=tr("an area"),
            fix=tr("Click corners on the map and end with a right click.") if kind == DRAWN else tr("Choose a layer."),
        )

    def renew(self) -> None:
        """Take the view as it is, or let the user draw.

        What was taken before is forgotten; `changed` is sent.
        """
        kind = self.kind.currentData()
        self._taken = None
        self._show_parts()
        if kind == VIEW:
            corners = [QgsPointXY(corner) for corner in self._canvas.mapSettings().visiblePolygon()]
            self._take(QgsGeometry.fromPolygonXY([corners]))
            return
        if kind == DRAWN:
            self._start_drawing()
        self.changed.emit()

    def show_outline(self, area: Area | None) -> None:
        """Outline an area on the map; None for no outline.

        The outline before it is removed; the area's CRS may be another than that of the map.
        """
        self._band.reset(Qgis.GeometryType.Polygon)
        if area is not None:
            self._band.setToGeometry(area.polygons, area.crs)

    def release(self) -> None:
        """Take tool and outline off the canvas, and hear no more of layers.

        It is called once, before the plugin is unloaded; the chooser cannot be used afterwards.
        """
        self.layer.layerChanged.disconnect()
        self.tool.release()
        self._canvas.scene().removeItem(self._band)

    def _start_drawing(self) -> None:
        if self._canvas.mapTool() != self.tool:
            self._tool_before = self._canvas.mapTool()
        self._canvas.setMapTool(self.tool)
        self._canvas.setFocus()

    def _take_drawn(self, polygon: QgsGeometry) -> None:
        if self._tool_before is not None:
            self._canvas.setMapTool(self._tool_before)
        self._take(polygon)

    def _take(self, polygon: QgsGeometry) -> None:
        crs = self._canvas.mapSettings().destinationCrs()
        self._taken = (polygon.makeValid(), crs if crs.isValid() else QgsCoordinateReferenceSystem(CRS))
        self.changed.emit()

    def _show_parts(self) -> None:
        kind = self.kind.currentData()
        self.layer.setVisible(kind == LAYER)
        self.again.setVisible(kind in (VIEW, DRAWN))
        self.again.setText(tr("Take again") if kind == VIEW else tr("Draw again"))

    def _lay_out(self) -> None:
        self.layer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.kind, self.again, self.layer):
            column.addWidget(widget)
