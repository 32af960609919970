"""Wiring of what is learned from."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.samples import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task


def _steps(_: Task) -> Sequence[Node]:
    """Images become samples that are split, measured and checked."""
    return [
        Node(
            nodes.split_tiles,
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


SAMPLES: Final = task_pipeline("samples", _steps)
