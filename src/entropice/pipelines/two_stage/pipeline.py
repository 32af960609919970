"""Wiring of where to look."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task
from entropice.pipelines.two_stage import nodes


def _steps(_: Task) -> Sequence[Node]:
    """Cells that were predicted say what is left out, and where a budget of tiles is spent."""
    return [
        Node(
            nodes.expect_objects,
            inputs=[
                "given_out_of_fold",
                "given_folds",
                "given_fold_classes",
                "given_training_table",
                "given_classes",
                "given_predictions",
                "given_map_model",
            ],
            outputs="expected_density",
            name="expect_objects",
            tags=["two_stage"],
        ),
        Node(
            nodes.fit_gate,
            inputs=[
                "expected_density",
                "given_training_table",
                "cells",
                "params:grid",
                "params:modelling.folds",
                "params:task.two_stage.missed_share",
            ],
            outputs="gate",
            name="fit_gate",
            tags=["two_stage"],
        ),
        Node(
            nodes.choose_tiles,
            inputs=[
                "expected_density",
                "cells",
                "land",
                "given_coverage",
                "params:grid",
                "params:task.two_stage.budget",
                "params:task.mapping",
                "params:random_seed",
            ],
            outputs="chosen_tiles",
            name="choose_tiles",
            tags=["two_stage"],
        ),
    ]


TWO_STAGE: Final = task_pipeline("two_stage", _steps, has_section=True)
