"""Wiring of the label audit: what a mask is worth by the truth, where some labels were drawn again at random."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.label_audit import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task


def _steps(_: Task) -> Sequence[Node]:
    """The network is held against the outlines that were drawn again, and its scores are corrected by them."""
    return [
        Node(
            nodes.judge_audited,
            inputs=[
                "network",
                "images",
                "audits",
                "splits",
                "statistics",
                "calibration",
                "params:task.samples",
                "params:task.training",
                "params:task.evaluation",
            ],
            outputs="audited_chips",
            name="judge_audited",
            tags=["label_audit"],
        ),
        Node(
            nodes.correct_scores,
            inputs=["chip_scores", "audited_chips", "splits", "params:task.evaluation", "params:random_seed"],
            outputs="audited_scores",
            name="correct_scores",
            tags=["label_audit"],
        ),
    ]


LABEL_AUDIT: Final = task_pipeline("label_audit", _steps)
