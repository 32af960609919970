"""Wiring of how good a network is."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.evaluation import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task


def _steps(_: Task) -> Sequence[Node]:
    """Network and rivals are asked on held-out tiles, calibrated on some of them and scored on the others."""
    return [
        Node(
            nodes.judge_held_out,
            inputs=[
                "network",
                "images",
                "splits",
                "statistics",
                "params:task.samples",
                "params:task.training",
                "params:task.evaluation",
            ],
            outputs="held_out",
            name="judge_held_out",
            tags=["evaluation"],
        ),
        Node(
            nodes.calibrate,
            inputs=["held_out", "params:task.evaluation"],
            outputs="calibration",
            name="calibrate",
            tags=["evaluation"],
        ),
        Node(
            nodes.score_images,
            inputs=["held_out", "calibration", "params:task.evaluation", "params:random_seed"],
            outputs="image_scores",
            name="score_images",
            tags=["evaluation"],
        ),
    ]


EVALUATION: Final = task_pipeline("evaluation", _steps)
