"""Wiring of the grids pipeline: land → cells."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.grids.nodes import build_cells, normalise_land
from entropice.pipelines.grids.parameters import GridParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(_: "Composition") -> Pipeline:
    """Land in the polar CRS, and the cells that the run covers: two steps, the same for every composition.

    Reads ``land_file``, ``params:grid`` and ``params:grids``; makes ``land`` and ``cells``.
    """
    nodes = [
        Node(normalise_land, inputs="land_file", outputs="land", name="normalise_land", tags="grids"),
        Node(
            build_cells,
            inputs=["land", "params:grid", "params:grids"],
            outputs="cells",
            name="build_cells",
            tags="grids",
        ),
    ]
    return Pipeline(nodes, namespace="grids", prefix_datasets_with_namespace=False)


GRIDS: Final = PipelineDeclaration("grids", create_pipeline, GridParameters)
