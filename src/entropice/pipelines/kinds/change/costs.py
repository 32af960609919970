"""What steps of a task that asks for changes take."""

from typing import Final

from entropice.pipelines.kinds.change import nodes
from entropice.pipelines.network_rates import ASKING, LEARNING, SPLITTING, seen, training_bytes
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost((nodes.split_pairs,), (SPLITTING,), written_bytes=lambda size: 0.002 * size.drawn_px),
    StepCost((nodes.train_network,), LEARNING, memory_bytes=training_bytes),
    StepCost((nodes.judge_held_out,), (ASKING, seen(3.5)), written_bytes=lambda size: 3.3 * size.held_out_px),
    StepCost((nodes.score,), (seen(1.8),), written_bytes=lambda _: 1e4),
    StepCost(
        (nodes.calibrate, nodes.show, nodes.tell_facts),
        (seen(0.1),),
        fixed_s=0.3,
        written_bytes=lambda size: 0.7 * size.held_out_px,
    ),
)
