"""Steps of a task that asks where something has changed between two images."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kedro.pipeline import Node

from entropice.pipelines.kinds.change import nodes
from entropice.pipelines.samples.steps import checking, measuring
from entropice.pipelines.training.steps import learning

if TYPE_CHECKING:
    from entropice.pipelines.tasks.task import Task


def samples(_: "Task") -> Sequence[Node]:
    """Pairs are split, measured and checked: ``tiles``, ``images`` → ``splits``, ``statistics``, ``data_check``."""
    return [
        Node(
            nodes.split_pairs,
            inputs=[
                "tiles",
                "images",
                "params:grid",
                "params:task.samples.splits",
                "params:task.samples.ignored_edge_px",
                "params:random_seed",
            ],
            outputs="splits",
            name="split_tiles",
            tags=["samples"],
        ),
        measuring(),
        checking(),
    ]


def training(_: "Task") -> Sequence[Node]:
    """Samples become a trained network: ``images``, ``splits``, ``statistics``, ``data_check`` → ``network``."""
    return [learning(nodes.train_network)]


def evaluation(_: "Task") -> Sequence[Node]:
    """Network and rivals are asked on held-out pairs, calibrated on some of them and scored on the others.

    ``network``, ``images``, ``splits``, ``statistics`` → ``held_out`` → ``calibration`` → ``task_scores``.
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
            inputs=["held_out", "params:task.evaluation"],
            outputs="calibration",
            name="calibrate",
            tags=["evaluation"],
        ),
        Node(
            nodes.score,
            inputs=["held_out", "calibration", "params:task.evaluation", "params:random_seed"],
            outputs="task_scores",
            name="score",
            tags=["evaluation"],
        ),
    ]


def layers(_: "Task") -> Sequence[Node]:
    """What map, report and model card show: ``map_layers``, ``panel`` and ``card_facts``."""
    return [
        Node(
            nodes.show,
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
            outputs=["map_layers", "panel"],
            name="show",
            tags=["layers"],
        ),
        Node(
            nodes.tell_facts,
            inputs=["task_scores", "splits", "tiles", "params:task.bands", "params:task.evaluation"],
            outputs="card_facts",
            name="tell_facts",
            tags=["layers"],
        ),
    ]
