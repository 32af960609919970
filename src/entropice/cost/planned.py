"""What the sources of an environment cost: from the plans where their inputs are here, else from the region."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from entropice.cost.land import land_of
from entropice.cost.table import SourceCost
from entropice.io.checksums import files_of
from entropice.io.recorded import RecordedDataset
from entropice.pipelines.sources.work import Extent, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kedro.io import DataCatalog
    from kedro.pipeline import Node, Pipeline

    from entropice.app.configuration.parameters import Parameters
    from entropice.app.context import ComposedContext
    from entropice.pipelines.sources.declaration import FeatureSource
    from entropice.pipelines.tasks.task import Task
    from entropice.tiles.plan import TilePlan
    from entropice.types import BaseGeometry


def planned_costs(context: "ComposedContext", pipeline: "Pipeline") -> list[SourceCost]:
    """One cost for each source of features and each step of a task, in their order; only the planning is run."""
    tasks = context.composition.tasks.items()
    return [
        *(_cost(source, context, pipeline) for source in context.composition.feature_sources),
        *(cost for name, task in tasks for cost in _of_task(name, task, context)),
    ]


def _of_task(name: str, task: "Task", context: "ComposedContext") -> list[SourceCost]:
    """Of a task whose finds are mapped, step by step; how long others train was not measured."""
    from entropice.cost.imagery import plan_of_task, planned_imagery

    if "mapping" in context.composition.pipelines:
        return planned_imagery(name, plan_of_task(context.parameters, name, task.source))
    return [
        SourceCost(
            source=f"{name}: training",
            n_tiles=None,
            n_values=None,
            n_bytes=0,
            is_here=False,
            memory_bytes=None,
            seconds=None,
            basis="only tasks whose finds are mapped were measured",
        )
    ]


def _cost(source: "FeatureSource", context: "ComposedContext", pipeline: "Pipeline") -> SourceCost:
    catalog = cast("DataCatalog", context.catalog)
    planning = next((node for node in pipeline.nodes if source.plan in node.outputs), None)
    if planning is not None and _are_ready(planning, catalog, context, pipeline):
        work = _planned_work(planning.func(*map(catalog.load, planning.inputs)), planning, catalog)
        return _row(source, work, context.parameters, is_here=True, basis="the plan of the files")
    land, basis = land_of(context)
    work = source.work(_extent(source, context, land))
    is_here = catalog.exists(source.files)
    if is_here:
        work = replace(work, n_bytes=_n_bytes([source.files], catalog))
    return _row(source, work, context.parameters, is_here=is_here, basis=work.basis or basis)


def _extent(source: "FeatureSource", context: "ComposedContext", land: "BaseGeometry") -> Extent:
    parameters = context.parameters
    return Extent(
        land=land,
        grid=parameters.grid,
        years=parameters.section("features", "years"),
        parameters=parameters.section("features", source.group),
        files=cast("RecordedDataset[Any, Any]", context.catalog.get(source.files)).path,
        world=parameters.section("virtual_arctic") if context.composition.world is not None else None,
    )


def _are_ready(node: "Node", catalog: "DataCatalog", context: "ComposedContext", pipeline: "Pipeline") -> bool:
    """Whether all inputs are here, and what steps before have made is up to date."""
    names = [name for name in node.inputs if not name.startswith("params:")]
    makers = {output: maker for maker in pipeline.nodes for output in maker.outputs}
    return all(catalog.exists(name) for name in names) and not context.incremental_state.stale(names, makers, catalog)


def _planned_work(plan: "TilePlan", node: "Node", catalog: "DataCatalog") -> Work:
    tile_bytes = max((tile.n_bytes for tile in plan.tiles), default=0)
    return Work(len(plan.tiles), plan.n_values, _n_bytes(node.inputs, catalog), tile_bytes)


def _n_bytes(names: "Iterable[str]", catalog: "DataCatalog") -> int:
    """Of all files of some datasets."""
    datasets = (catalog.get(name) for name in names)
    files = [file for item in datasets if isinstance(item, RecordedDataset) for file in files_of(item.path)]
    return sum(file.stat().st_size for file in files)


def _row(source: "FeatureSource", work: Work, parameters: "Parameters", *, is_here: bool, basis: str) -> SourceCost:
    n_together = _n_together(work, parameters)
    return SourceCost(
        source.group,
        work.n_tiles,
        work.n_values,
        work.n_bytes,
        is_here,
        n_together * work.tile_bytes,
        work.n_values / source.values_per_s / n_together,
        basis,
    )


def _n_together(work: Work, parameters: "Parameters") -> int:
    """Tiles that are under way together: as many as there are, as workers can take and as memory holds."""
    n_that_fit = parameters.tiles.memory_ceiling_bytes // max(work.tile_bytes, 1)
    return max(1, min(work.n_tiles, _n_workers(parameters), n_that_fit))


def _n_workers(parameters: "Parameters") -> int:
    """How many tiles may be done together; of a running scheduler nothing is known but that it has one worker."""
    return 1 if parameters.cluster.kind in {"none", "address"} else parameters.cluster.n_workers
