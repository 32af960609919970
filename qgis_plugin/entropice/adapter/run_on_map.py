"""A run in a project: its cells as one layer that shows what is selected, and its overview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsFeatureRenderer, QgsLayerTree, QgsLayerTreeNode, QgsProject, QgsRasterLayer, QgsVectorLayer

from ..core.errors import RunFolderError
from ..core.geopackage import require_settled
from ..core.layer_plan import LayerPlan, plan_layers, polygon_scale
from ..core.layers import Layer
from ..core.manifest import GEOPACKAGE_NAME, Manifest, read_manifest
from ..core.manifest_file import MANIFEST_NAME
from ..core.selection import Selection, certainty_layer, fitted, layer_for
from .legend import on_map
from .map_tips import column_title, map_tip
from .overview_layer import read_overview
from .renderers import fade, polygon_renderer, raster_renderer
from .run_tag import AROUND, CELLS, OVERVIEW, RunTag, attach_tag, folder_of, tag_of, tagged_layers
from .table_layer import describe
from .task_layers import show_year, task_layer
from .translate import phrase, tr

OPEN_AGAIN = phrase("Open the run folder again.")
_EVERY_SCALE, _NO_SCALE = 0.0, 1.0


@dataclass(frozen=True, eq=False)
class RunOnMap:
    """A run whose cells are a layer of a project; `overview` is None where the run is small or has none.

    `of_tasks` shows what was found in images, of the year that the map shows.
    """

    folder: Path
    manifest: Manifest
    cells: QgsVectorLayer
    overview: QgsRasterLayer | None
    of_tasks: tuple[QgsVectorLayer, ...]

    @property
    def key(self) -> str:
        """What tells runs on a map apart: the id of the layer of the cells."""
        return str(self.cells.id())

    @property
    def layer_ids(self) -> set[str]:
        """The ids of the layers that show the cells: theirs, and that of the overview where there is one."""
        return {str(layer.id()) for layer in (self.cells, self.overview) if layer is not None}

    @property
    def plan(self) -> LayerPlan:
        """What the run can show.

        It is `core.layer_plan.plan_layers` of its manifest.
        """
        return plan_layers(self.manifest)

    @property
    def selection(self) -> Selection:
        """What the map shows of the run, as the tag of its layer remembers it, or the nearest that the run has.

        Where no layer of the cells can be drawn its quantity is empty and its year None.
        """
        tag = tag_of(self.cells)
        return fitted(self.manifest, tag.selection if tag else Selection("", None)) or Selection("", None)

    @property
    def layer(self) -> Layer:
        """The declared layer that the map shows; the first that can be drawn where the selection has none."""
        return layer_for(self.manifest, self.selection) or self.plan.choices[0]

    def show(self, selection: Selection) -> None:
        """Show what is selected, or the nearest that the run has: symbols, legend, name and overview.

        The layers of the run are changed, and remember the selection. A run that is paler where it is less certain
        shows polygons at every scale. Styles that themes keep stay as they are.

        Raises
        ------
        RunFolderError
            The overview cannot be used.
        """
        nearest = fitted(self.manifest, selection) or selection
        layer = on_map(self.manifest, layer_for(self.manifest, nearest) or self.plan.choices[0])
        for driven in (self.cells, *self.of_tasks):
            _leave_kept_style(driven)
        self._show_overview(replace(layer, overview=None) if nearest.is_faded else layer)
        self.cells.setRenderer(self._renderer(layer, nearest))
        self._describe(layer, nearest)
        self._show_year(nearest)
        self.cells.triggerRepaint()

    def _renderer(self, layer: Layer, selection: Selection) -> QgsFeatureRenderer:
        renderer = polygon_renderer(layer)
        certainty = certainty_layer(self.manifest, selection) if selection.is_faded else None
        if certainty is not None:
            fade(renderer, certainty.column or "")
        return renderer

    def tell(self) -> None:
        """Name and describe the layer again after QGIS has given it another of its styles, such as that of a theme."""
        self._describe(on_map(self.manifest, self.layer), self.selection)
        self._show_year(self.selection)

    def _show_year(self, selection: Selection) -> None:
        for layer in self.of_tasks:
            show_year(self.manifest, layer, selection.year or self.manifest.years[-1])

    def _show_overview(self, layer: Layer) -> None:
        """Far away the overview stands for the polygons, near by they are drawn, and never both."""
        if self.overview is None:
            return
        if layer.overview is None:
            self.cells.setScaleBasedVisibility(False)
            self.overview.setMinimumScale(_NO_SCALE)
            return
        read_overview(self.overview, self.folder, layer)
        self.overview.setRenderer(raster_renderer(layer, self.overview.dataProvider()))
        self.overview.setMinimumScale(_EVERY_SCALE)
        self.overview.setMaximumScale(self._polygon_scale())
        self.cells.setMinimumScale(self._polygon_scale())
        self.cells.setScaleBasedVisibility(True)
        self.overview.triggerRepaint()

    def _polygon_scale(self) -> float:
        extent = self.cells.extent()
        return polygon_scale(self.manifest.cells.n_rows, extent.width() * extent.height())

    def _describe(self, layer: Layer, selection: Selection) -> None:
        name = column_title(self.manifest, layer) + (tr(" · paler where less certain") if selection.is_faded else "")
        attach_tag(self.cells, RunTag(self.manifest.run_id, CELLS, selection))
        self.cells.setName(name)
        self.cells.setMapTipTemplate(map_tip(self.manifest, layer, name))
        describe(self.cells, self.manifest, name, layer.description)


def show_alone(project: QgsProject, run: RunOnMap) -> None:
    """Make a run visible and hide the other runs of cells; what else the project shows stays."""
    root = project.layerTreeRoot()
    for other in runs_on_map(project):
        if other.key != run.key:
            _top_of(root, other).setItemVisibilityChecked(False)
    _top_of(root, run).setItemVisibilityChecked(True)
    root.findLayer(run.key).setItemVisibilityCheckedParentRecursive(True)


def _top_of(root: QgsLayerTree, run: RunOnMap) -> QgsLayerTreeNode:
    """The group of a run; its cells alone where they stand in none."""
    node = root.findLayer(run.key)
    return node if node.parent() is root else node.parent()


def runs_on_map(project: QgsProject) -> tuple[RunOnMap, ...]:
    """The runs whose cells a project shows, topmost first; what cannot be read is left out.

    Left out are runs whose manifest is gone or unusable, or which were made again since: see `problems_on_map`. A layer
    that QGIS cannot read is no run.
    """
    found = (_run_or_problem(project, layer) for layer in _cells_layers(project))
    return tuple(run for run in found if isinstance(run, RunOnMap))


def problems_on_map(project: QgsProject) -> tuple[RunFolderError, ...]:
    """Why runs of a project are left out of `runs_on_map`: one error each, topmost first; empty where none is."""
    found = (_run_or_problem(project, layer) for layer in _cells_layers(project))
    return tuple(problem for problem in found if isinstance(problem, RunFolderError))


def run_of(project: QgsProject, layer: QgsVectorLayer) -> RunOnMap:
    """The run of a layer of cells.

    `layer` is one that `attach_tag` has marked as cells; overview and layers of tasks are those that the project has of
    the same folder.

    Raises
    ------
    RunFolderError
        The manifest is gone or unusable, the run was made again since it was opened, or unfinished changes lie beside
        its tables.
    """
    tag, folder = tag_of(layer), folder_of(layer)
    manifest = read_manifest(folder)
    if tag is None or manifest.run_id != tag.run_id:
        raise RunFolderError(
            tr("The run was made again since it was opened."),
            path=folder / MANIFEST_NAME,
            field="run_id",
            got=manifest.run_id,
            expected=tag.run_id if tag else None,
            fix=tr(OPEN_AGAIN),
        )
    require_settled(folder / GEOPACKAGE_NAME)
    of_tasks = tuple(_of_tasks(project, manifest, folder))
    return RunOnMap(folder, manifest, layer, _overview_of(project, layer), of_tasks)


def _leave_kept_style(layer: QgsVectorLayer) -> None:
    """What is kept as a theme stays as it is; the dock drives the style that every layer has."""
    styles = layer.styleManager()
    driven = next((name for name in styles.styles() if styles.isDefault(name)), styles.currentStyle())
    styles.setCurrentStyle(driven)


def _run_or_problem(project: QgsProject, layer: QgsVectorLayer) -> RunOnMap | RunFolderError:
    try:
        return run_of(project, layer)
    except RunFolderError as problem:
        return problem


def _cells_layers(project: QgsProject) -> list[QgsVectorLayer]:
    return [layer for tag, layer in tagged_layers(project) if tag.role == CELLS and layer.isValid()]


def _overview_of(project: QgsProject, cells: QgsVectorLayer) -> QgsRasterLayer | None:
    found = [layer for tag, layer in tagged_layers(project) if tag.role == OVERVIEW]
    return next((layer for layer in found if folder_of(layer) == folder_of(cells)), None)


def _of_tasks(project: QgsProject, manifest: Manifest, folder: Path) -> list[QgsVectorLayer]:
    around = [layer for tag, layer in tagged_layers(project) if tag.role == AROUND and layer.isValid()]
    return [layer for layer in around if folder_of(layer) == folder and task_layer(manifest, layer) is not None]
