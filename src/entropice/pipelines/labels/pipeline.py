"""Wiring of the labels."""

from typing import Literal

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.labels import nodes

PARAMETERS = "params:labels"
DARTS_NODES = [
    Node(
        nodes.normalise_darts_rts,
        inputs=["rts_file", PARAMETERS],
        outputs="rts",
        name="normalise_rts",
        tags=["labels", "darts"],
    ),
    Node(
        nodes.normalise_darts_coverage,
        inputs=["coverage_file", PARAMETERS],
        outputs="coverage",
        name="normalise_coverage",
        tags=["labels", "darts"],
    ),
]
ARTS_NODES = [
    Node(
        nodes.normalise_arts_rts,
        inputs=["rts_file", PARAMETERS],
        outputs="rts",
        name="normalise_rts",
        tags=["labels", "arts"],
    ),
    Node(
        nodes.normalise_arts_coverage,
        inputs=["coverage_file", "rts_file", PARAMETERS],
        outputs="coverage",
        name="normalise_coverage",
        tags=["labels", "arts"],
    ),
]
LABEL_CELLS = Node(
    nodes.label_cells,
    inputs=["cells", "land", "rts", "coverage", PARAMETERS],
    outputs="labels",
    name="label_cells",
    tags=["labels"],
)
SOURCE_NODES = {"darts": DARTS_NODES, "arts": ARTS_NODES}


def create_pipeline(source: Literal["darts", "arts"]) -> Pipeline:
    """Outlines and footprints of one source become the label table."""
    return Pipeline([*SOURCE_NODES[source], LABEL_CELLS], namespace="labels", prefix_datasets_with_namespace=False)
