"""What the export under published names takes."""

from typing import Final

from entropice.pipelines.exporting.layouts import LAYOUTS
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost(tuple(layout.step for layout in LAYOUTS), why_unknown="weights and samples are copied; not measured"),
)
