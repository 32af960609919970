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

from ..core.layer_plan import LayerPlan, OverviewLayer, PolygonLayer, YearGroup, plan_layers
from ..core.manifest import CRS
from ..core.run_folder import Run
from .overview_layer import overview_layer
from .run_tag import RunTag, attach_tag
from .styles import apply_style
from .table_layer import table_layer


@dataclass(frozen=True)
class AddedRun:
    """What came into the project: number of layers, extent in the run's CRS, and whether the project has that CRS."""

    title: str
    n_layers: int
    extent: QgsRectangle
    is_polar_project: bool


@dataclass(frozen=True)
class _BuiltLayer:
    layer: QgsMapLayer
    is_visible: bool


@dataclass(frozen=True)
class _BuiltYear:
    group: YearGroup
    layers: tuple[_BuiltLayer, ...]


def add_run(project: QgsProject, run: Run) -> AddedRun:
    """Add the layers of a run on top of the project; a project without layers also gets the run's CRS.

    Every layer is built and checked before the first one is added. Call on the main thread.

    Raises
    ------
    RunFolderError
        A table, style or overview is not as the manifest says; the project is then unchanged.
    """
    plan = plan_layers(run.manifest)
    years = [_built_year(run, group) for group in plan.years]
    attributes = [table_layer(run, table, table.title) for table in plan.attributes]
    if not project.mapLayers():
        project.setCrs(QgsCoordinateReferenceSystem(CRS))
    _add_groups(project, plan, years, attributes)
    return AddedRun(
        title=plan.title,
        n_layers=sum(len(year.layers) for year in years) + len(attributes),
        extent=years[0].layers[0].layer.extent(),
        is_polar_project=project.crs().authid() == CRS,
    )


def _built_year(run: Run, group: YearGroup) -> _BuiltYear:
    polygons = {
        (planned.table.table, planned.style): _polygon_layer(run, planned, group.year) for planned in group.polygons
    }
    overviews = [
        _overview(run, planned, polygons[planned.cells.table, planned.style].layer) for planned in group.overviews
    ]
    return _BuiltYear(group, (*polygons.values(), *overviews))


def _polygon_layer(run: Run, planned: PolygonLayer, year: int) -> _BuiltLayer:
    layer = table_layer(run, planned.table, planned.title)
    apply_style(layer, planned.style, run)
    attach_tag(layer, RunTag(run.folder, run.manifest.run_id, planned.table.kind, year, planned.style))
    return _BuiltLayer(layer, planned.is_visible)


def _overview(run: Run, planned: OverviewLayer, polygons: QgsVectorLayer) -> _BuiltLayer:
    layer = overview_layer(run, planned, polygons.renderer())
    attach_tag(
        layer,
        RunTag(run.folder, run.manifest.run_id, "overview", planned.overview.year, planned.style),
    )
    return _BuiltLayer(layer, planned.is_visible)


def _add_groups(project: QgsProject, plan: LayerPlan, years: list[_BuiltYear], attributes: list[QgsMapLayer]) -> None:
    run_group = project.layerTreeRoot().insertGroup(0, plan.title)
    for year in years:
        _add_year(project, run_group, year)
    for layer in attributes:
        project.addMapLayer(layer, False)
        run_group.addLayer(layer)
    run_group.setIsMutuallyExclusive(True, 0)


def _add_year(project: QgsProject, run_group: QgsLayerTreeGroup, year: _BuiltYear) -> None:
    group = run_group.addGroup(year.group.title)
    for built in year.layers:
        project.addMapLayer(built.layer, False)
        node = group.addLayer(built.layer)
        node.setItemVisibilityChecked(built.is_visible)
        node.setExpanded(built.is_visible)
    group.setIsMutuallyExclusive(True, next(i for i, built in enumerate(year.layers) if built.is_visible))
    group.setExpanded(year.group.is_visible)
