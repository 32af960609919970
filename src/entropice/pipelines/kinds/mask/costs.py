"""What steps of a task that asks for a mask take."""

from typing import Final

from entropice.pipelines.kinds.mask import nodes
from entropice.pipelines.kinds.mask.evaluation import nodes as evaluation
from entropice.pipelines.network_rates import ASKING, CHECKING, LEARNING, SPLITTING, drawn, seen, training_bytes
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost((nodes.split_tiles,), (SPLITTING,), written_bytes=lambda size: 0.002 * size.drawn_px),
    StepCost((nodes.measure_distances,), (drawn(0.5),), written_bytes=lambda size: 0.3 * size.drawn_px),
    StepCost((nodes.train_network,), LEARNING, memory_bytes=training_bytes),
    StepCost((evaluation.judge_held_out,), (ASKING, seen(3.5)), written_bytes=lambda size: size.held_out_px),
    StepCost((evaluation.measure_drift,), (CHECKING,), written_bytes=lambda _: 3e3),
    StepCost((evaluation.judge_objects, evaluation.map_chances), (ASKING, seen(0.6)), written_bytes=lambda _: 1e5),
    StepCost(
        (evaluation.score_images,),
        (Rate("draws of blocks", lambda size: size.n_bootstrap, 1.2e4),),
        fixed_s=0.5,
        written_bytes=lambda _: 9e3,
    ),
    StepCost(
        (
            evaluation.calibrate,
            evaluation.calibrate_objects,
            evaluation.draw_curves,
            evaluation.draw_panel,
            evaluation.score_chips,
            evaluation.score_objects,
            evaluation.tell_facts,
            evaluation.tell_scores,
        ),
        (seen(0.02),),
        fixed_s=0.3,
        written_bytes=lambda _: 1e5,
    ),
)
