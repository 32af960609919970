"""What the yearly climate of cells takes: that follows from the climate and the cells of another run."""

from typing import Final

from entropice.pipelines.image_sources.cell_fields import nodes
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost(
        (nodes.forecast_by_law, nodes.lay_out_cells, nodes.sum_up_years),
        why_unknown="the run that this one builds on decides, and was not measured",
    ),
)
