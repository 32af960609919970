"""Wiring of a network's training."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.tasks.namespaced import of_tasks
from entropice.pipelines.tasks.task import Task
from entropice.pipelines.training import nodes

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Samples become a trained network."""
    return of_tasks(composition, _steps)


def _steps(_: Task) -> Sequence[Node]:
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


TRAINING: Final = PipelineDeclaration("training", create_pipeline, None)
