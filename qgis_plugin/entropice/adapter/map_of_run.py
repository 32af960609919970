"""A run becomes a group of layers in a project, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

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
from .overview_layer import overview_layer
from .renderers import polygon_renderer
from .run_on_map import RunOnMap
from .run_tag import AROUND, OVERVIEW, RunTag, attach_tag
from .table_layer import table_layer


@dataclass(frozen=True)
class AddedRun:
    """What came into the project.

    `n_layers` counts them, `left_out` says which layers of the run are missing and why, `extent` is that of the cells
    in the run's CRS, which `is_polar_project` says the project has, too.
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


def add_run(project: QgsProject, run: Run) -> AddedRun:
    """Add the layers of a run on top of the project; a project without layers also gets the run's CRS.

    Every layer is built and checked before the first one is added. Call on the main thread.

    Raises
    ------
    RunFolderError
        A table or overview is not as the manifest says, or no layer of the cells can be drawn; the project is then
        unchanged.
    """
    plan = plan_layers(run.manifest)
    built = _built_run(run, plan)
    if not project.mapLayers():
        project.setCrs(QgsCoordinateReferenceSystem(CRS))
    group = project.layerTreeRoot().insertGroup(0, plan.title)
    _add_layers(project, group, built)
    return AddedRun(
        title=plan.title,
        n_layers=len(group.findLayers()),
        left_out=plan.left_out,
        extent=built.on_map.cells.extent(),
        is_polar_project=project.crs().authid() == CRS,
        run=built.on_map,
    )


def _built_run(run: Run, plan: LayerPlan) -> _BuiltRun:
    if plan.first is None:
        raise RunFolderError(
            "No layer of the cells can be drawn.",
            path=run.folder / MANIFEST_NAME,
            field="layers",
            got="; ".join(plan.left_out) or "none with a scale",
            expected="a layer of the cells with a scale",
            fix=UPDATE,
        )
    return _BuiltRun(
        above=tuple(_around(run, layer) for layer in plan.above),
        on_map=_on_map(run, plan, Selection(plan.first.quantity, plan.first.year)),
        below=tuple(_around(run, layer) for layer in plan.below),
    )


def _around(run: Run, layer: Layer) -> QgsVectorLayer:
    built = table_layer(run, layer.table, layer.title, layer.description)
    built.setRenderer(polygon_renderer(layer))
    attach_tag(built, RunTag(run.manifest.run_id, AROUND, Selection(layer.quantity, layer.year)))
    return built


def _on_map(run: Run, plan: LayerPlan, selection: Selection) -> RunOnMap:
    cells = table_layer(run, run.manifest.cells, run.manifest.cells.title, "")
    with_overview = [layer for layer in plan.choices if layer.overview is not None] if plan.is_large else []
    overview = overview_layer(run, with_overview[0]) if with_overview else None
    if overview is not None:
        overview.setScaleBasedVisibility(True)
        attach_tag(overview, RunTag(run.manifest.run_id, OVERVIEW, selection))
    on_map = RunOnMap(run.folder, run.manifest, cells, overview)
    on_map.show(selection)
    return on_map


def _add_layers(project: QgsProject, group: QgsLayerTreeGroup, built: _BuiltRun) -> None:
    for layer in built.above:
        _add_layer(project, group, layer, is_visible=False)
    _add_layer(project, group, built.on_map.cells, is_visible=True)
    for layer in (*([built.on_map.overview] if built.on_map.overview else []), *built.below):
        _add_layer(project, group, layer, is_visible=True)


def _add_layer(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsMapLayer, is_visible: bool) -> None:
    project.addMapLayer(layer, False)
    node = group.addLayer(layer)
    node.setItemVisibilityChecked(is_visible)
    node.setExpanded(is_visible)
