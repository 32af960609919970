"""What every step of an environment costs: sources from their plans or their region, all else as it is declared."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from entropice.cost.environment import Environment
from entropice.cost.run_size import run_size
from entropice.cost.table import PlannedStep, counted
from entropice.cost.task_size import task_size
from entropice.io.checksums import files_of
from entropice.io.recorded import RecordedDataset
from entropice.pipelines.sources.work import Extent, Work
from entropice.pipelines.step_costs import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kedro.io import DataCatalog
    from kedro.pipeline import Node, Pipeline

    from entropice.app.configuration.parameters import Parameters
    from entropice.app.context import ComposedContext
    from entropice.pipelines.sources.declaration import FeatureSource
    from entropice.pipelines.step_cost import RunSize, StepCost, TaskSize
    from entropice.tiles.plan import TilePlan
    from entropice.types import BaseGeometry


def planned_steps(context: "ComposedContext", pipelines: "Mapping[str, Pipeline]") -> list[PlannedStep]:
    """Every step of an environment, those of a run first, in their order; only the planning is run.

    `pipelines` are those of the environment by name, ``__default__`` being what runs unless one is named. A step that
    several have is there once, and `PlannedStep.is_run` tells those of ``__default__``. Heavy steps of a source are
    told by its plan where its inputs are here and up to date, else by its region; all others by the cost that is
    declared for them. A number that nobody knows before is None, with the reason in `PlannedStep.basis`. For n values
    in tiles of at most b bytes, a source that reduces v values a second and k workers (1 where ``cluster.kind`` is none
    or address), m = max(1, min(tiles, k, ⌊memory ceiling / b⌋)) tiles are under way together: the time is n / (v m),
    the memory m b.

    Raises
    ------
    ConfigError, InputFileError
        A network cannot be built, or what is here already is damaged.
    """
    environment = Environment(context, pipelines["__default__"])
    of_run = {node.name: node for node in environment.pipeline.nodes}
    others = [node for pipeline in pipelines.values() for node in pipeline.nodes if node.name not in of_run]
    sizes = _sizes(environment)
    return [
        replace(_step(node, sizes, environment), is_run=node.name in of_run)
        for node in (*of_run.values(), *dict.fromkeys(others))
    ]


def _sizes(environment: Environment) -> "dict[str, RunSize | TaskSize]":
    """Of each task by its name, and of the run by an empty one."""
    tasks = environment.composition.tasks.items()
    return {
        "": run_size(environment),
        **{name: task_size(environment.parameters, name, task) for name, task in tasks},
    }


def _step(node: "Node", sizes: "Mapping[str, RunSize | TaskSize]", environment: Environment) -> PlannedStep:
    source = next((source for source in environment.composition.feature_sources if reads(node, source)), None)
    if source is not None:
        return _of_source(source, node, environment)
    task = node.name.split(".")[0]
    basis = "the parameters" if task in sizes else _known_cells(environment)
    return _declared(node.name, cost_of(node.func), sizes.get(task, sizes[""]), basis)


def reads(node: "Node", source: "FeatureSource") -> bool:
    """Whether a step does the heavy work on a source's files.

    That is the step with the source's plan among its outputs; of a source without a plan the one of the features whose
    inputs have its files.
    """
    if source.plan is not None:
        return source.plan in node.outputs
    return source.files in node.inputs and node.name.startswith("features.")


def _known_cells(environment: Environment) -> str:
    if environment.has_cells:
        return "the cells, and the parameters"
    return "the land's area, and the parameters" if "grids" in environment.composition.pipelines else "the parameters"


def _declared(name: str, cost: "StepCost", size: "RunSize | TaskSize", basis: str) -> PlannedStep:
    counts = [(rate.size(size), rate.unit) for rate in cost.rates]
    unknown = next((unit for count, unit in counts if math.isnan(count)), None)
    seconds = cost.seconds(size)
    return PlannedStep(
        step=name,
        amount="" if not counts or unknown is not None else counted(*counts[0]),
        n_bytes=_whole(cost.written_bytes(size)),
        whose_bytes="written",
        memory_bytes=_whole(cost.memory_bytes(size)),
        seconds=None if math.isnan(seconds) else seconds,
        basis=basis if not math.isnan(seconds) else cost.why_unknown or f"how many {unknown} is not known yet",
    )


def _whole(number: float) -> int | None:
    return None if math.isnan(number) else round(number)


def _of_source(source: "FeatureSource", node: "Node", environment: Environment) -> PlannedStep:
    catalog, parameters = environment.catalog, environment.parameters
    if source.plan is not None and _are_ready(node, environment):
        work = _planned_work(node.func(*map(catalog.load, node.inputs)), node, catalog)
        return _heavy(source, node, work, parameters, is_here=True, basis="the plan of the files")
    land, basis = environment.land
    work = source.work(_extent(source, environment, land))
    is_here = catalog.exists(source.files)
    if is_here:
        work = replace(work, n_bytes=_n_bytes([source.files], catalog))
    return _heavy(source, node, work, parameters, is_here=is_here, basis=work.basis or basis)


def _extent(source: "FeatureSource", environment: Environment, land: "BaseGeometry") -> Extent:
    parameters = environment.parameters
    return Extent(
        land=land,
        grid=parameters.grid,
        years=parameters.section("features", "years"),
        parameters=parameters.section("features", source.group),
        files=cast("RecordedDataset[Any, Any]", environment.catalog.get(source.files)).path,
        world=environment.world,
    )


def _are_ready(node: "Node", environment: Environment) -> bool:
    """Whether all inputs are here, and what steps before have made is up to date."""
    catalog, state = environment.catalog, environment.context.incremental_state
    names = [name for name in node.inputs if not name.startswith("params:")]
    makers = {output: maker for maker in environment.pipeline.nodes for output in maker.outputs}
    return all(catalog.exists(name) for name in names) and not state.stale(names, makers, catalog)


def _planned_work(plan: "TilePlan", node: "Node", catalog: "DataCatalog") -> Work:
    tile_bytes = max((tile.n_bytes for tile in plan.tiles), default=0)
    return Work(len(plan.tiles), plan.n_values, _n_bytes(node.inputs, catalog), tile_bytes)


def _n_bytes(names: "Iterable[str]", catalog: "DataCatalog") -> int:
    """Of all files of some datasets."""
    datasets = (catalog.get(name) for name in names)
    files = [file for item in datasets if isinstance(item, RecordedDataset) for file in files_of(item.path)]
    return sum(file.stat().st_size for file in files)


def _heavy(
    source: "FeatureSource", node: "Node", work: Work, parameters: "Parameters", *, is_here: bool, basis: str
) -> PlannedStep:
    n_together = _n_together(work, parameters)
    return PlannedStep(
        step=node.name,
        amount=f"{work.n_tiles:,} tiles, {counted(work.n_values, 'values')}",
        n_bytes=work.n_bytes,
        whose_bytes="here" if is_here else "to come",
        memory_bytes=n_together * work.tile_bytes,
        seconds=work.n_values / source.values_per_s / n_together,
        basis=basis,
    )


def _n_together(work: Work, parameters: "Parameters") -> int:
    """Tiles that are under way together: as many as there are, as workers can take and as memory holds."""
    # Tiles under way share the ceiling, so that large tiles leave workers idle; one is always let in.
    n_that_fit = parameters.tiles.memory_ceiling_bytes // max(work.tile_bytes, 1)
    return max(1, min(work.n_tiles, _n_workers(parameters), n_that_fit))


def _n_workers(parameters: "Parameters") -> int:
    """How many tiles may be done together; of a running scheduler nothing is known but that it has one worker."""
    return 1 if parameters.cluster.kind in {"none", "address"} else parameters.cluster.n_workers
