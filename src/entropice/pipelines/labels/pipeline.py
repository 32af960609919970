"""Wiring of the labels."""

from collections.abc import Callable
from typing import Any, Final, Literal

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.labels import nodes

PARAMETERS: Final = "params:labels"


def create_pipeline(source: Literal["darts", "arts", "polygons"]) -> Pipeline:
    """Outlines and footprints of one source become the label table."""
    sources: dict[str, tuple[Callable[..., Any], Callable[..., Any], list[str]]] = {
        "darts": (nodes.normalise_darts_rts, nodes.normalise_darts_coverage, ["coverage_file"]),
        "arts": (nodes.normalise_arts_rts, nodes.normalise_arts_coverage, ["coverage_file", "rts_file", "cells"]),
        "polygons": (
            nodes.normalise_polygon_rts,
            nodes.normalise_polygon_coverage,
            ["coverage_file", "rts_file", "cells"],
        ),
    }
    normalise_rts, normalise_coverage, searched_by = sources[source]
    made = [
        _normalise("rts", normalise_rts, ["rts_file"], source),
        _normalise("coverage", normalise_coverage, searched_by, source),
        Node(
            nodes.label_cells,
            inputs=["cells", "land", "rts", "coverage", PARAMETERS],
            outputs="labels",
            name="label_cells",
            tags=["labels"],
        ),
    ]
    return Pipeline(made, namespace="labels", prefix_datasets_with_namespace=False)


def _normalise(dataset: str, function: Callable[..., Any], inputs: list[str], source: str) -> Node:
    return Node(
        function,
        inputs=[*inputs, PARAMETERS],
        outputs=[dataset, f"{dataset}_counts"],
        name=f"normalise_{dataset}",
        tags=["labels", source],
    )
