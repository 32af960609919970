"""Wiring of the labels."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.labels.nodes import coverage_normaliser, label_cells, outlines_normaliser
from entropice.pipelines.labels.parameters import LabelParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

PARAMETERS: Final = "params:labels"


def create_pipeline(composition: "Composition") -> Pipeline:
    """Outlines and footprints of one source become the label table."""
    source = composition.label_source
    seen_by = ["coverage_file", "rts_file", "cells"] if source.corrects_coverage else ["coverage_file"]
    steps = [
        Node(
            outlines_normaliser(source),
            inputs=["rts_file", PARAMETERS],
            outputs=["rts", "rts_counts"],
            name="normalise_rts",
            tags=["labels", source.name],
        ),
        Node(
            coverage_normaliser(source),
            inputs=[*seen_by, PARAMETERS],
            outputs=["coverage", "coverage_counts"],
            name="normalise_coverage",
            tags=["labels", source.name],
        ),
        Node(
            label_cells,
            inputs=["cells", "land", "rts", "coverage", PARAMETERS],
            outputs="labels",
            name="label_cells",
            tags=["labels"],
        ),
    ]
    return Pipeline(steps, namespace="labels", prefix_datasets_with_namespace=False)


LABELS: Final = PipelineDeclaration("labels", create_pipeline, LabelParameters)
