"""What an audit takes."""

from typing import Final

from entropice.pipelines.audit.nodes import audit_map, draw_audit_sample
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost((audit_map, draw_audit_sample), why_unknown="the run folder that the parameter model names decides"),
)
