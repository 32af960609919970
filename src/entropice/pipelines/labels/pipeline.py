"""Wiring of the labels."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.labels import nodes
from entropice.pipelines.labels.parameters import LabelParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

SOURCE: Final = "params:composition.labels"
YEARS: Final = "params:labels.years"
PERIODS: Final = (YEARS, "params:labels.pooled_from")


def create_pipeline(composition: "Composition") -> Pipeline:
    """Outlines and footprints of one source become the label table: three steps.

    Reads ``rts_file``, ``coverage_file``, ``cells`` and ``land``; makes ``rts``, ``rts_counts``, ``coverage``,
    ``coverage_counts`` and ``labels``. Footprints are corrected by outlines where the source says that these tell where
    nobody looked (`LabelSource.corrects_coverage`).

    Raises
    ------
    PydanticCustomError
        The composition names no source of labels.
    """
    source = composition.label_source
    section = f"params:labels.{source.name}"
    footprints = ["coverage_file", "cells", "params:labels.coverage", *PERIODS]
    normalise_coverage, seen_by = (
        (nodes.correct_coverage, [*footprints, "rts_file", SOURCE, section])
        if source.corrects_coverage
        else (nodes.normalise_coverage, footprints)
    )
    steps = [
        Node(
            nodes.normalise_rts,
            inputs=[
                "rts_file",
                "cells",
                SOURCE,
                section,
                *PERIODS,
                "params:labels.min_shared_area",
                "params:labels.max_identity_gap_m",
                "params:labels.max_outside_share",
            ],
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
            inputs=["cells", "land", "rts", "coverage", YEARS, "params:labels.min_observed_fraction"],
            outputs="labels",
            name="label_cells",
            tags=["labels"],
        ),
    ]
    return Pipeline(steps, namespace="labels", prefix_datasets_with_namespace=False)


LABELS: Final = PipelineDeclaration("labels", create_pipeline, LabelParameters)
