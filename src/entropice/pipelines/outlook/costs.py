"""What years to come take: that follows from the cells and years of another run."""

from typing import Final

from entropice.pipelines.outlook import nodes
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost(
        (nodes.ask_map, nodes.draw_years, nodes.forecast_indices, nodes.score_indices, nodes.score_map),
        why_unknown="the run that this one builds on decides, and was not measured",
    ),
)
