"""Wiring of the labels."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.labels import nodes
from entropice.pipelines.labels.parameters import LabelParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

PARAMETERS: Final = "params:labels"
SOURCE: Final = "params:composition.labels"


def create_pipeline(composition: "Composition") -> Pipeline:
    """Outlines and footprints of one source become the label table."""
    source = composition.label_source
    normalise_coverage, seen_by = (
        (nodes.correct_coverage, ["coverage_file", "rts_file", "cells", PARAMETERS, SOURCE])
        if source.corrects_coverage
        else (nodes.normalise_coverage, ["coverage_file", "cells", PARAMETERS])
    )
    steps = [
        Node(
            nodes.normalise_rts,
            inputs=["rts_file", "cells", PARAMETERS, SOURCE],
            outputs=["rts", "rts_counts"],
            name="normalise_rts",
            tags=["labels", source.name],
        ),
        Node(
            normalise_coverage,
            inputs=seen_by,
            outputs=["coverage", "coverage_counts"],
            name="normalise_coverage",
            tags=["labels", source.name],
        ),
        Node(
            nodes.label_cells,
            inputs=["cells", "land", "rts", "coverage", PARAMETERS],
            outputs="labels",
            name="label_cells",
            tags=["labels"],
        ),
    ]
    return Pipeline(steps, namespace="labels", prefix_datasets_with_namespace=False)


LABELS: Final = PipelineDeclaration("labels", create_pipeline, LabelParameters)
