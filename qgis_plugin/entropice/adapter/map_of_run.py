"""A run becomes a group of layers in a project, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRectangle

from ..core.errors import RunFolderError
from ..core.layer_plan import LayerPlan, MapLayer, OverviewLayer, YearGroup, plan_layers
from ..core.layers import Layer
from ..core.manifest import CRS, UPDATE
from ..core.manifest_file import MANIFEST_NAME
from ..core.run_folder import Run
from .overview_layer import overview_layer
from .renderers import polygon_renderer
from .run_tag import RunTag, attach_tag
from .table_layer import table_layer
from .translate import tr


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


@dataclass(frozen=True)
class _BuiltLayer:
    layer: QgsMapLayer
    is_visible: bool


@dataclass(frozen=True)
class _BuiltYear:
    group: YearGroup
    layers: tuple[_BuiltLayer, ...]


@dataclass(frozen=True)
class _BuiltRun:
    above: tuple[_BuiltLayer, ...]
    years: tuple[_BuiltYear, ...]
    yearless: tuple[_BuiltLayer, ...]
    below: tuple[_BuiltLayer, ...]
    attributes: tuple[_BuiltLayer, ...]

    @property
    def of_cells(self) -> tuple[_BuiltLayer, ...]:
        return (*(layer for year in self.years for layer in year.layers), *self.yearless)

    @property
    def n_layers(self) -> int:
        return len(self.above) + len(self.of_cells) + len(self.below) + len(self.attributes)


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
    _add_groups(project, plan.title, built)
    return AddedRun(
        title=plan.title,
        n_layers=built.n_layers,
        left_out=plan.left_out,
        extent=built.of_cells[0].layer.extent(),
        is_polar_project=project.crs().authid() == CRS,
    )


def _built_run(run: Run, plan: LayerPlan) -> _BuiltRun:
    if not plan.years and not plan.yearless:
        raise RunFolderError(
            "No layer of the cells can be drawn.",
            path=run.folder / MANIFEST_NAME,
            field="layers",
            got="; ".join(plan.left_out) or "none on the map",
            expected="a layer of the cells on the map",
            fix=UPDATE,
        )
    return _BuiltRun(
        above=tuple(_polygons(run, planned) for planned in plan.above),
        years=tuple(_built_year(run, group) for group in plan.years),
        yearless=tuple(_of_cells(run, planned.layer, _polygons(run, planned)) for planned in plan.yearless),
        below=tuple(_polygons(run, planned) for planned in plan.below),
        attributes=tuple(_BuiltLayer(table_layer(run, table, table.title, ""), True) for table in plan.attributes),
    )


def _built_year(run: Run, group: YearGroup) -> _BuiltYear:
    polygons = [_of_cells(run, planned.layer, _polygons(run, planned)) for planned in group.polygons]
    overviews = [_of_cells(run, planned.layer, _overview(run, planned)) for planned in group.overviews]
    return _BuiltYear(group, (*polygons, *overviews))


def _polygons(run: Run, planned: MapLayer) -> _BuiltLayer:
    layer = table_layer(run, planned.layer.table, planned.title, planned.layer.description)
    layer.setRenderer(polygon_renderer(planned.layer))
    return _BuiltLayer(layer, planned.is_visible)


def _overview(run: Run, planned: OverviewLayer) -> _BuiltLayer:
    return _BuiltLayer(overview_layer(run, planned), planned.is_visible)


def _of_cells(run: Run, layer: Layer, built: _BuiltLayer) -> _BuiltLayer:
    attach_tag(built.layer, RunTag(run.folder, run.manifest.run_id, layer.name, layer.year))
    return built


def _add_groups(project: QgsProject, title: str, run: _BuiltRun) -> None:
    run_group = project.layerTreeRoot().insertGroup(0, title)
    _add_layers(project, run_group, run.above)
    cells = run_group.addGroup(tr("Cells"))
    for year in run.years:
        _add_year(project, cells, year)
    _add_layers(project, cells, run.yearless)
    shown = [*(year.group for year in run.years), *run.yearless]
    cells.setIsMutuallyExclusive(True, _index_of_visible(shown))
    _add_layers(project, run_group, run.below)
    _add_layers(project, run_group, run.attributes)


def _add_year(project: QgsProject, cells: QgsLayerTreeGroup, year: _BuiltYear) -> None:
    group = cells.addGroup(year.group.title)
    _add_layers(project, group, year.layers)
    group.setIsMutuallyExclusive(True, _index_of_visible(year.layers))
    group.setExpanded(year.group.is_visible)


def _add_layers(project: QgsProject, group: QgsLayerTreeGroup, layers: tuple[_BuiltLayer, ...]) -> None:
    for built in layers:
        project.addMapLayer(built.layer, False)
        node = group.addLayer(built.layer)
        node.setItemVisibilityChecked(built.is_visible)
        node.setExpanded(built.is_visible)


def _index_of_visible(items: Iterable[YearGroup | _BuiltLayer]) -> int:
    return next(index for index, item in enumerate(items) if item.is_visible)
