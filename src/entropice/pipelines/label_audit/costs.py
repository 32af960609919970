"""What holding labels against audits takes."""

from typing import Final

from entropice.pipelines.label_audit import nodes
from entropice.pipelines.network_rates import ASKING, drawn, seen
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost((nodes.judge_audits,), (ASKING,), written_bytes=lambda _: 5e3),
    StepCost((nodes.correct_scores,), (seen(0.003),), fixed_s=0.1, written_bytes=lambda _: 5e3),
    StepCost((nodes.compare_labels,), (drawn(1.25),), written_bytes=lambda size: 0.0015 * size.drawn_px),
)
