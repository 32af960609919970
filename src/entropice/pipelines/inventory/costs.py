"""What looking at whole regions takes."""

from typing import Final

from entropice.pipelines.inventory import nodes
from entropice.pipelines.network_rates import ASKING, OPERATION_US, image_bytes, seen, surveyed
from entropice.pipelines.step_cost import Rate, StepCost, TaskSize


def _operations(size: TaskSize) -> float:
    return size.surveyed_px * size.n_looks * size.operations.of_prediction


COSTS: Final = (
    StepCost((nodes.calibrate_inventory,), (ASKING, seen(0.5)), written_bytes=lambda _: 1e3),
    StepCost(
        (nodes.plan_inventory,),
        (Rate("operations", _operations, OPERATION_US), surveyed(0.8)),
        memory_bytes=image_bytes,
        written_bytes=lambda size: 0.06 * size.surveyed_px,
    ),
    StepCost(
        (nodes.make_inventory, nodes.score_inventory),
        (surveyed(0.025),),
        written_bytes=lambda size: 0.008 * size.surveyed_px,
    ),
)
