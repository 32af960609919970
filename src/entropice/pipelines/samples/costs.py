"""What steps take that are the same for masks, classes and changes."""

from typing import Final

from entropice.pipelines.network_rates import CHECKING, MEASURING
from entropice.pipelines.samples import nodes
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost((nodes.measure_bands,), (MEASURING,), written_bytes=lambda _: 1e3),
    StepCost((nodes.check_samples,), (CHECKING,), written_bytes=lambda _: 1e3),
)
