"""What steps of a task that asks for the class of an image take."""

from typing import Final

from entropice.pipelines.kinds.image_class import nodes
from entropice.pipelines.network_rates import ASKING, CHECKING, LEARNING, SPLITTING, seen, training_bytes
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost((nodes.split_images,), (SPLITTING,), written_bytes=lambda size: 0.004 * size.drawn_px),
    StepCost((nodes.check_classes,), (CHECKING,), written_bytes=lambda _: 1e3),
    StepCost((nodes.train_network,), LEARNING, memory_bytes=training_bytes),
    StepCost((nodes.judge_held_out,), (ASKING, seen(3.5)), written_bytes=lambda size: 0.02 * size.held_out_px),
    StepCost(
        (nodes.calibrate, nodes.score, nodes.draw_layers, nodes.draw_panel, nodes.tell_facts),
        (seen(0.1),),
        fixed_s=0.2,
        written_bytes=lambda _: 5e5,
    ),
)
