"""Steps of a task that asks which class an image shows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kedro.pipeline import Node

from entropice.pipelines.kinds.image_class import nodes
from entropice.pipelines.samples.steps import measuring
from entropice.pipelines.training.steps import learning

if TYPE_CHECKING:
    from entropice.pipelines.tasks.task import Task


def samples(_: "Task") -> Sequence[Node]:
    """Images are split, measured and checked: ``tiles``, ``images`` → ``splits``, ``statistics``, ``data_check``."""
    return [
        Node(
            nodes.split_images,
            inputs=["tiles", "images", "params:grid", "params:task.samples.splits", "params:random_seed"],
            outputs="splits",
            name="split_tiles",
            tags=["samples"],
        ),
        measuring(),
        Node(
            nodes.check_classes,
            inputs=["images", "splits", "statistics", "params:task.bands", "params:task.samples"],
            outputs="data_check",
            name="check_samples",
            tags=["samples"],
        ),
    ]


def training(_: "Task") -> Sequence[Node]:
    """Samples become a trained network: ``images``, ``splits``, ``statistics``, ``data_check`` → ``network``."""
    return [learning(nodes.train_network)]


def evaluation(_: "Task") -> Sequence[Node]:
    """Network and rivals are asked on held-out images, calibrated on some of them and scored on the others.

    ``network``, ``images``, ``splits``, ``statistics`` → ``held_out`` and ``alarm`` → ``calibration`` →
    ``task_scores``.
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
            outputs=["held_out", "alarm"],
            name="judge_held_out",
            tags=["evaluation"],
        ),
        Node(nodes.calibrate, inputs="held_out", outputs="calibration", name="calibrate", tags=["evaluation"]),
        Node(
            nodes.score,
            inputs=[
                "held_out",
                "alarm",
                "calibration",
                "params:task.samples",
                "params:task.evaluation",
                "params:random_seed",
            ],
            outputs="task_scores",
            name="score",
            tags=["evaluation"],
        ),
    ]


def layers(_: "Task") -> Sequence[Node]:
    """What map, report and model card show: ``map_layers``, ``panel`` and ``card_facts``."""
    return [
        Node(
            nodes.draw_layers,
            inputs=["held_out", "alarm", "calibration", "splits", "tiles", "params:task.samples"],
            outputs="map_layers",
            name="draw_layers",
            tags=["layers"],
        ),
        Node(
            nodes.draw_panel,
            inputs=[
                "held_out",
                "alarm",
                "calibration",
                "images",
                "splits",
                "params:task.samples",
                "params:task.evaluation.n_shown",
            ],
            outputs="panel",
            name="draw_panel",
            tags=["layers"],
        ),
        Node(
            nodes.tell_facts,
            inputs=[
                "task_scores",
                "alarm",
                "splits",
                "tiles",
                "params:task.bands",
                "params:task.samples",
                "params:task.evaluation",
            ],
            outputs="card_facts",
            name="tell_facts",
            tags=["layers"],
        ),
    ]
