"""Wiring of what is learned from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.samples import nodes
from entropice.pipelines.tasks.namespaced import of_tasks
from entropice.pipelines.tasks.task import Task

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Images become samples that are split, measured and checked."""
    return of_tasks(composition, _steps)


def _steps(_: Task) -> Sequence[Node]:
    return [
        Node(
            nodes.split_tiles,
            inputs=["tiles", "images", "params:grid", "params:task.samples.splits", "params:random_seed"],
            outputs="splits",
            name="split_tiles",
            tags=["samples"],
        ),
        Node(
            nodes.measure_bands,
            inputs=[
                "images",
                "splits",
                "params:task.bands",
                "params:task.samples.derivation",
                "params:task.samples.statistics",
                "params:random_seed",
            ],
            outputs="statistics",
            name="measure_bands",
            tags=["samples"],
        ),
        Node(
            nodes.check_samples,
            inputs=["images", "splits", "statistics", "params:task.bands", "params:task.samples"],
            outputs="data_check",
            name="check_samples",
            tags=["samples"],
        ),
    ]


SAMPLES: Final = PipelineDeclaration("samples", create_pipeline, None)
