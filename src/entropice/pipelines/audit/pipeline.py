"""Wiring of an audit: a finished map → a sample to fill in; the map and the answers → correction and audit skill."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.audit.nodes import audit_map, draw_audit_sample
from entropice.pipelines.audit.parameters import AuditParameters, AuditSampleParameters
from entropice.pipelines.declaration import PipelineDeclaration

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_sample(composition: "Composition") -> Pipeline:  # noqa: ARG001 - every map is sampled alike
    """One step, whatever drew the map.

    Reads ``audited_map``, ``params:audit_sample`` and ``params:random_seed``; makes ``audit_sample``.
    """
    step = Node(
        draw_audit_sample,
        ["audited_map", "params:audit_sample", "params:random_seed"],
        "audit_sample",
        name="draw_audit_sample",
        tags="audit",
    )
    return Pipeline([step], namespace="audit_sample", prefix_datasets_with_namespace=False)


def create_audit(composition: "Composition") -> Pipeline:  # noqa: ARG001 - every map is audited alike
    """One step, whatever drew the map.

    Reads ``audited_map``, ``audit_answers``, ``params:audit`` and ``params:random_seed``; makes ``audit_result``.
    """
    step = Node(
        audit_map,
        ["audited_map", "audit_answers", "params:audit", "params:random_seed"],
        "audit_result",
        name="audit_map",
        tags="audit",
    )
    return Pipeline([step], namespace="audit", prefix_datasets_with_namespace=False)


AUDIT_SAMPLE: Final = PipelineDeclaration("audit_sample", create_sample, AuditSampleParameters, runs_by_default=False)
AUDIT: Final = PipelineDeclaration("audit", create_audit, AuditParameters, runs_by_default=False)
