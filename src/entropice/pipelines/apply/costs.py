"""What applying a finished model takes."""

from typing import Final

from entropice.pipelines.apply.nodes import apply_model
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (StepCost((apply_model,), why_unknown="the run folder that the parameter model names decides"),)
