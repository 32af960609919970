"""Wiring of the virtual Arctic."""

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.virtual_arctic import nodes

_PARAMETERS = "params:virtual_arctic"


def create_pipeline() -> Pipeline:
    """One world, and every source file that stands for it."""
    steps = [
        Node(nodes.build_world, _PARAMETERS, "world", name="build_world", tags="virtual_arctic"),
        Node(nodes.outline_land, "world", "land_file", name="outline_land", tags="virtual_arctic"),
        Node(
            nodes.write_climate,
            ["world", _PARAMETERS],
            "climate_file",
            name="write_climate",
            tags="virtual_arctic",
        ),
        Node(
            nodes.cut_elevation_tiles,
            ["world", _PARAMETERS],
            "elevation_tiles",
            name="cut_elevation_tiles",
            tags="virtual_arctic",
        ),
        Node(
            nodes.write_embeddings,
            ["world", _PARAMETERS],
            "embedding_files",
            name="write_embeddings",
            tags="virtual_arctic",
        ),
        Node(
            nodes.draw_footprints,
            ["world", _PARAMETERS],
            "coverage_file",
            name="draw_footprints",
            tags="virtual_arctic",
        ),
        Node(
            nodes.digitise_slumps,
            ["world", "coverage_file", _PARAMETERS],
            ["truth", "rts_file"],
            name="digitise_slumps",
            tags="virtual_arctic",
        ),
    ]
    return Pipeline(steps, namespace="virtual_arctic", prefix_datasets_with_namespace=False)
