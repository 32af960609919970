"""What a comparison of runs takes."""

from typing import Final

from entropice.pipelines.comparison.nodes import compare_runs
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (StepCost((compare_runs,), why_unknown="the runs that are compared decide"),)
