"""Wiring of the label audit, of tasks whose source gives ``audits`` beside labels."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.label_audit import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task


def _steps(_: Task) -> Sequence[Node]:
    """Chips that were outlined again correct what labels say of all."""
    return [
        Node(
            nodes.judge_audits,
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
            name="judge_audits",
            tags=["label_audit"],
        ),
        Node(
            nodes.correct_scores,
            inputs=["chip_scores", "audited_chips", "params:task.evaluation", "params:random_seed"],
            outputs="audited_scores",
            name="correct_scores",
            tags=["label_audit"],
        ),
        Node(
            nodes.compare_labels,
            inputs=["images", "audits", "params:task.evaluation.objects"],
            outputs="label_findings",
            name="compare_labels",
            tags=["label_audit"],
        ),
    ]


LABEL_AUDIT: Final = task_pipeline("label_audit", _steps)
