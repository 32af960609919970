"""The run that is looked at, and the cell: map, dock and outline say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsMapLayerStyleManager, QgsPointXY, QgsProject
from qgis.gui import QgisInterface, QgsMapCanvas, QgsMapToolEmitPoint, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QColor

from ..adapter.cell_lookup import FoundCell, cell_at
from ..adapter.images_on_map import image_problems_on_map, images_on_map
from ..adapter.map_themes import keep_theme
from ..adapter.polar import shows_the_arctic_whole
from ..adapter.run_on_map import RunOnMap, problems_on_map, run_of, runs_on_map, show_alone
from ..adapter.time_of_layer import year_of
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.selection import Selection
from .dock import EntropiceDock
from .messages import not_polar, show_done, show_error, show_warning


class CellExplorer:
    """Joins map tool, dock and outline; `close` undoes all of it.

    `runs` are those that the project has, topmost first, `run` the one that is looked at, and `cell` the one that is
    shown.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self.project = QgsProject.instance()
        self._outline = _outline(self._canvas)
        self._layer_ids: list[set[str]] = []
        self._seen_images: set[tuple[Path, str]] = set()
        self._watched: list[QgsMapLayerStyleManager] = []
        self.runs: tuple[RunOnMap, ...] = ()
        self.run: RunOnMap | None = None
        self.cell: FoundCell | None = None
        self.dock = EntropiceDock(iface)
        self.tool = QgsMapToolEmitPoint(self._canvas)
        self._connections = (
            (self.project.layerTreeRoot().layerOrderChanged, self.refresh),
            (self.project.readProject, self._project_read),
            (self.project.crsChanged, self._check_crs),
            (self._canvas.temporalRangeChanged, self._follow_time),
        )
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Look which runs the project has; keep the current one if it is still there.

        Where it has gone, the topmost run is looked at, and no cell. Nothing happens where the runs are the same as
        before.
        """
        self._refresh_images()
        runs = runs_on_map(self.project)
        if [run.layer_ids for run in runs] == self._layer_ids:
            return
        self._layer_ids = [run.layer_ids for run in runs]
        self._watch_styles(runs)
        key = self.run.key if self.run else None
        self.runs = runs
        self.run = next((run for run in runs if run.key == key), runs[0] if runs else None)
        self.dock.show_runs(runs, self.run)
        if self.run is None or self.run.key != key:
            self.show_cell(None)

    def _refresh_images(self) -> None:
        images = images_on_map(self.project)
        seen = {(one.folder, one.manifest.run_id) for one in images}
        if seen != self._seen_images:
            self._seen_images = seen
            self.dock.show_images(images)

    def choose_run(self, key: str) -> None:
        """Look at another run of the project, with the same selection and place where it has them; hide the others.

        What cannot be shown is told in QGIS's message bar.

        Raises
        ------
        StopIteration
            No run of the project has this key.
        """
        before, cell = self.run, self.cell
        run = self.run = next(run for run in self.runs if run.key == key)
        show_alone(self.project, run)
        if before is not None and before.key != key:
            self._try(lambda: run.show(before.selection))
            self.show_cell(None)
        self.dock.show_runs(self.runs, run)
        if cell is not None:
            # Not the centroid, which need not lie in a cell of several parts.
            centre = cell.geometry.pointOnSurface().asPoint()
            self._show_found(lambda: cell_at(run, self.project, centre, cell.crs))

    def choose(self, selection: Selection) -> None:
        """Show a selection of the run, on the map and of the cell.

        Without a run nothing happens. What the run does not have gives way to the nearest that it has; what cannot be
        shown is told in QGIS's message bar.
        """
        run, cell = self.run, self.cell
        if run is None:
            return
        self._try(lambda: run.show(selection))
        self.dock.show_run(run)
        if cell is not None and run.selection.year not in (None, cell.report.year):
            self._show_found(lambda: cell.in_year(run.selection.year))

    def show_cell_at(self, point: QgsPointXY) -> None:
        """Show the cell at a point of the canvas, of the topmost run that the canvas shows.

        `point` is in the CRS of the canvas. Where there is no cell, none is shown.
        """
        crs = self._canvas.mapSettings().destinationCrs()
        self._show_found(lambda: self._cell_at(point, crs))

    def show_cell(self, cell: FoundCell | None) -> None:
        """Show a cell and outline it.

        None shows and outlines none.
        """
        self.cell = cell
        self._outline.reset(Qgis.GeometryType.Polygon)
        if cell is not None:
            self._outline.setToGeometry(cell.geometry, cell.crs)
        self.dock.show_cell(cell)

    def close(self) -> None:
        """Remove dock, tool and outline.

        Layers stay in the project. Called once, when the plugin is unloaded.
        """
        self._watch_styles(())
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._canvas.unsetMapTool(self.tool)
        self._canvas.scene().removeItem(self._outline)
        self.dock.release()
        self._iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.tool.deleteLater()

    def _connect(self) -> None:
        for signal, slot in self._connections:
            signal.connect(slot)
        self.tool.canvasClicked.connect(lambda point, _button: self.show_cell_at(point))
        self.dock.choosers.run_chosen.connect(self.choose_run)
        self.dock.choosers.selection_chosen.connect(self.choose)
        self.dock.choosers.theme_wanted.connect(self._keep_theme)
        for tab in self.dock.tabs:
            tab.cell_wanted.connect(self._show_place)

    def _project_read(self) -> None:
        self.refresh()
        for problem in (*problems_on_map(self.project), *image_problems_on_map(self.project)):
            show_error(self._iface, problem)

    def _watch_styles(self, runs: Sequence[RunOnMap]) -> None:
        for manager in self._watched:
            if not sip.isdeleted(manager):
                manager.currentStyleChanged.disconnect(self._restyled)
        self._watched = [run.cells.styleManager() for run in runs]
        for manager in self._watched:
            manager.currentStyleChanged.connect(self._restyled)

    def _restyled(self) -> None:
        """Follow a style that was chosen in QGIS, alone or by a map theme."""
        for run in self.runs:
            run.tell()
        run, cell = self.run, self.cell
        self.dock.show_run(run)
        if run is not None and cell is not None:
            self._show_found(lambda: cell.in_year(run.selection.year))

    def _keep_theme(self) -> None:
        if self.run is not None:
            show_done(self._iface, tr("Kept as map theme: %1").replace("%1", keep_theme(self.project, self.run)))

    def _check_crs(self) -> None:
        if self.run is not None and not shows_the_arctic_whole(self.project.crs()):
            show_warning(self._iface, not_polar(self.project.crs()))

    def _follow_time(self) -> None:
        year = year_of(self._canvas.temporalRange())
        if self.run is not None and year in self.run.manifest.years and year != self.run.selection.year:
            self.choose(replace(self.run.selection, year=year))

    def _cell_at(self, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> FoundCell | None:
        run = self._shown_run()
        if run is not None and (self.run is None or run.key != self.run.key):
            self._follow(run)
        return None if run is None else cell_at(run_of(self.project, run.cells), self.project, point, crs)

    def _shown_run(self) -> RunOnMap | None:
        """The run of the topmost layer on the canvas that is of any; the chosen one where there is none."""
        shown = {layer.id() for layer in self._canvas.layers()}
        return next((run for run in self.runs if shown & run.layer_ids), self.run)

    def _follow(self, run: RunOnMap) -> None:
        """Look at a run that was made visible in the layer tree."""
        self.run = run
        self.dock.show_runs(self.runs, run)

    def _show_place(self, point: QgsPointXY) -> None:
        run = self.run
        if run is not None:
            self._show_found(lambda: cell_at(run, self.project, point, run.cells.crs()))

    def _show_found(self, find: Callable[[], FoundCell | None]) -> None:
        self._try(lambda: self.show_cell(find()))
        if self.cell is not None:
            self.dock.setUserVisible(True)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except RunFolderError as error:
            show_error(self._iface, error)


def _outline(canvas: QgsMapCanvas) -> QgsRubberBand:
    outline = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    outline.setStrokeColor(QColor("#101010"))
    outline.setFillColor(QColor(0, 0, 0, 0))
    outline.setWidth(3)
    return outline
