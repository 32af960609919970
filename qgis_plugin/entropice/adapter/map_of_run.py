"""A run becomes a group of layers in a project, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from ..core.errors import RunFolderError
from ..core.layer_plan import LayerPlan, plan_layers
from ..core.layers import Layer
from ..core.manifest import CRS, UPDATE
from ..core.manifest_file import MANIFEST_NAME
from ..core.run_folder import Run
from ..core.selection import Selection
from .map_tips import name_columns
from .overview_layer import overview_layer
from .polar import shows_the_arctic_whole
from .renderers import polygon_renderer, renderer_of_finds
from .run_on_map import RunOnMap, runs_on_map
from .run_tag import AROUND, CELLS, OVERVIEW, RunTag, attach_tag, folder_of, tagged_layers
from .table_layer import table_layer
from .task_layers import task_layer, tell_fields
from .time_of_layer import cover_years
from .translate import tr


@dataclass(frozen=True)
class AtFirst:
    """What is seen of a run that is opened for the first time; without a quantity, or one that it has not, its own."""

    quantity: str = ""
    shows_above: bool = False
    shows_below: bool = True


@dataclass(frozen=True)
class AddedRun:
    """What came into the project.

    `n_layers` counts them, `left_out` says which layers of the run are missing and why, `extent` is that of the cells
    in the run's CRS. `is_polar_project` says whether the project shows the Arctic in one piece.
    """

    title: str
    n_layers: int
    left_out: tuple[str, ...]
    extent: QgsRectangle
    is_polar_project: bool
    run: RunOnMap


@dataclass(frozen=True)
class _BuiltRun:
    above: tuple[QgsVectorLayer, ...]
    on_map: RunOnMap
    below: tuple[QgsVectorLayer, ...]


def add_run(project: QgsProject, run: Run, at_first: AtFirst = AtFirst()) -> AddedRun:
    """Add the layers of a run on top of the project; a project without layers also gets the run's CRS.

    Every layer is built and checked before the first one is added. A run that is there stays as it is; one that was
    made again since takes its former place and selection. Call on the main thread.

    A new run is one group, in which layers stand as `core.layer_plan.plan_layers` says: cells are visible, what lies
    above and below as `at_first` says. A large run shows an overview from afar.

    Raises
    ------
    RunFolderError
        A table or overview is not as the manifest says, or no layer of the cells can be drawn; the project is then
        unchanged.
    """
    former = next((tag for tag, layer in _layers_of(project, run.folder) if tag.role == CELLS), None)
    if former is not None and former.run_id == run.manifest.run_id:
        return _added(project, _on_map_already(project, run))
    # Before anything is taken out: what cannot be built leaves the project as it is.
    built = _built_run(run, former.selection if former else Selection(at_first.quantity, None))
    _remove_former(project, run)
    if not project.mapLayers():
        project.setCrs(QgsCoordinateReferenceSystem(CRS))
    _add_layers(project, project.layerTreeRoot().insertGroup(0, built.on_map.plan.title), built, at_first)
    return _added(project, built.on_map)


def _added(project: QgsProject, run: RunOnMap) -> AddedRun:
    return AddedRun(
        title=run.plan.title,
        n_layers=len(_layers_of(project, run.folder)),
        left_out=run.plan.left_out,
        extent=run.cells.extent(),
        is_polar_project=shows_the_arctic_whole(project.crs()),
        run=run,
    )


def _on_map_already(project: QgsProject, run: Run) -> RunOnMap:
    return next(on_map for on_map in runs_on_map(project) if on_map.folder == run.folder)


def _remove_former(project: QgsProject, run: Run) -> None:
    """Take out what is left of the same folder, and groups that are then empty."""
    layers = [layer for _, layer in _layers_of(project, run.folder)]
    nodes = [project.layerTreeRoot().findLayer(layer) for layer in layers]
    groups = {node.parent() for node in nodes if node is not None}
    project.removeMapLayers([layer.id() for layer in layers])
    for group in groups:
        if not group.children() and group.parent() is not None:
            group.parent().removeChildNode(group)


def _layers_of(project: QgsProject, folder: Path) -> list[tuple[RunTag, QgsMapLayer]]:
    return [(tag, layer) for tag, layer in tagged_layers(project) if layer.isValid() and folder_of(layer) == folder]


def _built_run(run: Run, selection: Selection) -> _BuiltRun:
    plan = plan_layers(run.manifest)
    if plan.first is None:
        raise RunFolderError(
            tr("No layer of the cells can be drawn."),
            path=run.folder / MANIFEST_NAME,
            field="layers",
            got="; ".join(plan.left_out) or tr("none with a scale"),
            expected=tr("a layer of the cells with a scale"),
            fix=tr(UPDATE),
        )
    above, below = (tuple(_around(run, layer) for layer in layers) for layers in (plan.above, plan.below))
    of_tasks = tuple(layer for layer in (*above, *below) if task_layer(run.manifest, layer) is not None)
    return _BuiltRun(above, _on_map(run, plan, selection, of_tasks), below)


def _around(run: Run, layer: Layer) -> QgsVectorLayer:
    built = table_layer(run, layer.table, layer.title, layer.description)
    built.setRenderer(polygon_renderer(layer))
    attach_tag(built, RunTag(run.manifest.run_id, AROUND, Selection(layer.quantity, layer.year)))
    if task_layer(run.manifest, built) is not None:
        tell_fields(built, layer.title)
        built.setRenderer(renderer_of_finds(layer))
    return built


def _on_map(run: Run, plan: LayerPlan, selection: Selection, of_tasks: tuple[QgsVectorLayer, ...]) -> RunOnMap:
    cells = table_layer(run, run.manifest.cells, run.manifest.cells.title, "")
    name_columns(cells, run.manifest)
    cover_years(cells, run.manifest.years)
    with_overview = [layer for layer in plan.choices if layer.overview is not None] if plan.is_large else []
    overview = overview_layer(run, with_overview[0]) if with_overview else None
    if overview is not None:
        overview.setScaleBasedVisibility(True)
        attach_tag(overview, RunTag(run.manifest.run_id, OVERVIEW, selection))
    on_map = RunOnMap(run.folder, run.manifest, cells, overview, of_tasks)
    on_map.show(selection)
    return on_map


def _add_layers(project: QgsProject, group: QgsLayerTreeGroup, built: _BuiltRun, at_first: AtFirst) -> None:
    for layer in built.above:
        _add_layer(project, group, layer, is_visible=at_first.shows_above)
    _add_layer(project, group, built.on_map.cells, is_visible=True)
    if built.on_map.overview is not None:
        _add_layer(project, group, built.on_map.overview, is_visible=True)
    for layer in built.below:
        _add_layer(project, group, layer, is_visible=at_first.shows_below)


def _add_layer(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsMapLayer, is_visible: bool) -> None:
    project.addMapLayer(layer, False)
    node = group.addLayer(layer)
    node.setItemVisibilityChecked(is_visible)
    node.setExpanded(is_visible)
