"""Wiring of a network's training."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task
from entropice.pipelines.training import nodes


def _steps(_: Task) -> Sequence[Node]:
    """Samples become a trained network."""
    return [
        Node(
            nodes.train_network,
            inputs=[
                "images",
                "splits",
                "statistics",
                "data_check",
                "params:task.bands",
                "params:task.samples",
                "params:task.network",
                "params:task.training",
                "params:task.evaluation.ratios",
            ],
            outputs="network",
            name="train_network",
            tags=["training"],
        ),
    ]


TRAINING: Final = task_pipeline("training", _steps)
