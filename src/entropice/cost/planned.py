"""What the tile plans of an environment cost: from the plans where their inputs are here, else from the region."""

from typing import TYPE_CHECKING, Final, cast

from entropice.cost import estimates
from entropice.cost.table import SourceCost
from entropice.io import TileResultsDataset
from entropice.io.checksums import files_of
from entropice.io.recorded import RecordedDataset
from entropice.pipelines.grids.nodes import region_from

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Node, Pipeline

    from entropice.app.context import ComposedContext
    from entropice.app.parameters import Parameters
    from entropice.tiles.plan import TilePlan

ESTIMATES: Final = {"terrain_moments": estimates.terrain, "embedding_moments": estimates.embeddings}
SOURCES: Final = {"terrain_moments": "terrain", "embedding_moments": "embeddings"}


def planned_costs(context: "ComposedContext", pipeline: "Pipeline") -> list[SourceCost]:
    """One cost for each step that plans tiles, in the order of the pipeline; nothing is run but the planning."""
    catalog = cast("DataCatalog", context.catalog)
    planning = [node for node in pipeline.nodes if _plans_tiles(node, catalog)]
    return [_cost(node, catalog, context, pipeline) for node in planning]


def _plans_tiles(node: "Node", catalog: "DataCatalog") -> bool:
    return any(isinstance(catalog.get(name), TileResultsDataset) for name in node.outputs)


def _cost(node: "Node", catalog: "DataCatalog", context: "ComposedContext", pipeline: "Pipeline") -> SourceCost:
    (output,) = node.outputs
    parameters = context.parameters
    if _are_ready(node, catalog, context, pipeline):
        plan = node.func(*map(catalog.load, node.inputs))
        return _of_plan(plan, output, node, catalog, parameters)
    is_virtual = "virtual_arctic" in {made_by.namespace for made_by in pipeline.nodes}
    area = estimates.area_of(region_from(parameters.grids.region), parameters, is_virtual=is_virtual)
    return ESTIMATES[output](area, parameters, is_virtual=is_virtual)


def _are_ready(node: "Node", catalog: "DataCatalog", context: "ComposedContext", pipeline: "Pipeline") -> bool:
    """Whether all inputs are here, and what steps before have made is up to date."""
    names = [name for name in node.inputs if not name.startswith("params:")]
    makers = {output: maker for maker in pipeline.nodes for output in maker.outputs}
    return all(catalog.exists(name) for name in names) and not context.ledger.stale(names, makers, catalog)


def _of_plan(
    plan: "TilePlan", output: str, node: "Node", catalog: "DataCatalog", parameters: "Parameters"
) -> SourceCost:
    largest = max((tile.n_bytes for tile in plan.tiles), default=0)
    inputs = (catalog.get(name) for name in node.inputs)
    files = [file for item in inputs if isinstance(item, RecordedDataset) for file in files_of(item.path)]
    return SourceCost(
        SOURCES[output],
        len(plan.tiles),
        plan.n_values,
        sum(file.stat().st_size for file in files),
        True,
        estimates.memory_bytes(largest, parameters),
        estimates.seconds(SOURCES[output], plan.n_values, parameters),
        "the plan of the files",
    )
