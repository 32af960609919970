"""Wiring of mapping: chosen tiles are looked at, and what is found returns to the cells."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.mapping import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task

FLOOR: Final = "params:task.two_stage.density_floor_per_km2"
SEEN: Final = (
    "params:task.samples",
    "params:task.training",
    "params:task.evaluation",
    "params:task.mapping",
)
"""What says how a network looks at images."""


def _steps(task: Task) -> Sequence[Node]:
    """Chosen tiles become outlines, finds by cell, scores, and where the composition says so, labels."""
    returned = [_return()] if task.is_returned else []
    return [*_looking(task), *_telling(), *returned]


def _looking(task: Task) -> list[Node]:
    return [
        Node(
            nodes.calibrate_areas,
            inputs=["network", "images", "splits", "statistics", "calibration", *SEEN],
            outputs="area_calibration",
            name="calibrate_areas",
            tags=["mapping"],
        ),
        Node(
            nodes.plan_mapping,
            inputs=[
                "chosen_tiles",
                "network",
                "statistics",
                "calibration",
                "area_calibration",
                *SEEN,
                "params:composition.task.source",
                *task.image_source.looked_through.inputs,
            ],
            outputs="mapped",
            name="map_tiles",
            tags=["mapping"],
        ),
        Node(
            nodes.join_evidence,
            inputs=[
                "mapped",
                "chosen_tiles",
                "expected_density",
                "cells",
                "object_calibration",
                "held_out_ground",
                "params:task.mapping",
                FLOOR,
            ],
            outputs=["outlines", "imaged_tiles"],
            name="join_evidence",
            tags=["mapping"],
        ),
    ]


def _telling() -> list[Node]:
    return [
        Node(
            nodes.count_by_cell,
            inputs=[
                "outlines",
                "imaged_tiles",
                "expected_density",
                "gate",
                "object_calibration",
                "given_training_table",
                "params:task.mapping",
            ],
            outputs="cell_finds",
            name="count_by_cell",
            tags=["mapping"],
        ),
        Node(
            nodes.score_joint,
            inputs=[
                "held_out_objects",
                "held_out_ground",
                "expected_density",
                "cells",
                "object_calibration",
                "gate",
                "params:task.evaluation",
                "params:task.mapping",
                FLOOR,
                "params:grid",
                "params:random_seed",
            ],
            outputs="joint_scores",
            name="score_joint",
            tags=["mapping", "evaluation"],
        ),
    ]


def _return() -> Node:
    return Node(
        nodes.return_labels,
        inputs=["outlines", "imaged_tiles", "given_rts", "given_coverage"],
        outputs=["rts_file", "coverage_file"],
        name="return_labels",
        tags=["mapping"],
    )


MAPPING: Final = task_pipeline("mapping", _steps, has_section=True)
