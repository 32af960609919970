"""Wiring of how good a network is."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.evaluation import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task


def _steps(_: Task) -> Sequence[Node]:
    """Network and rivals are asked on held-out tiles, calibrated on some of them and scored on the others.

    Pixels come first; the threshold that they choose makes the network's objects.
    """
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
            inputs=["held_out", "splits", "tiles", "params:task.evaluation"],
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
        Node(
            nodes.draw_curves,
            inputs=["held_out", "calibration", "params:task.evaluation"],
            outputs="image_curves",
            name="draw_curves",
            tags=["evaluation"],
        ),
        Node(
            nodes.judge_objects,
            inputs=[
                "network",
                "images",
                "splits",
                "statistics",
                "calibration",
                "params:task.samples",
                "params:task.training",
                "params:task.evaluation",
            ],
            outputs=["held_out_objects", "held_out_ground"],
            name="judge_objects",
            tags=["evaluation"],
        ),
        Node(
            nodes.calibrate_objects,
            inputs=["held_out_objects", "held_out_ground", "calibration", "params:task.evaluation"],
            outputs="object_calibration",
            name="calibrate_objects",
            tags=["evaluation"],
        ),
        Node(
            nodes.score_objects,
            inputs=["held_out_objects", "held_out_ground", "params:task.evaluation", "params:random_seed"],
            outputs="object_scores",
            name="score_objects",
            tags=["evaluation"],
        ),
        Node(
            nodes.measure_drift,
            inputs=[
                "images",
                "splits",
                "statistics",
                "params:task.bands",
                "params:task.samples",
                "params:task.evaluation.drift",
                "params:random_seed",
            ],
            outputs="drift",
            name="measure_drift",
            tags=["evaluation"],
        ),
    ]


EVALUATION: Final = task_pipeline("evaluation", _steps)
