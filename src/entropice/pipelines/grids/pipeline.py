"""Wiring of the grids pipeline: land → cells."""

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.grids.nodes import build_cells, normalise_land


def create_pipeline() -> Pipeline:
    """Land in the polar CRS, and the cells that the run covers."""
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
