"""What saying where to look takes."""

from typing import Final

from entropice.pipelines.network_rates import mapped
from entropice.pipelines.step_cost import StepCost
from entropice.pipelines.two_stage import nodes

COSTS: Final = (
    StepCost(
        (nodes.expect_objects, nodes.choose_tiles, nodes.fit_gate),
        (mapped(0.09),),
        fixed_s=0.1,
        written_bytes=lambda _: 6e4,
    ),
)
