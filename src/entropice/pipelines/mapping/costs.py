"""What looking at chosen tiles takes."""

from typing import Final

from entropice.pipelines.mapping import nodes
from entropice.pipelines.network_rates import ASKING, OPERATION_US, image_bytes, mapped, seen
from entropice.pipelines.step_cost import Rate, StepCost, TaskSize


def _operations(size: TaskSize) -> float:
    return size.mapped_px * size.n_looks * size.operations.of_prediction


COSTS: Final = (
    StepCost(
        (nodes.plan_mapping,),
        (Rate("operations", _operations, OPERATION_US), mapped(0.5)),
        memory_bytes=image_bytes,
        written_bytes=lambda size: 0.05 * size.mapped_px,
    ),
    StepCost((nodes.calibrate_areas,), (ASKING, seen(1.1)), written_bytes=lambda _: 1e3),
    StepCost(
        (nodes.join_evidence, nodes.count_by_cell, nodes.score_joint, nodes.return_labels),
        (mapped(0.012),),
        fixed_s=0.2,
        written_bytes=lambda _: 5e6,
    ),
)
