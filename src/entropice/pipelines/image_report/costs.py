"""What the report on images takes."""

from typing import Final

from entropice.pipelines.image_report.nodes import assemble_image_run
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (assemble_image_run,),
        (Rate("tasks", lambda size: size.n_tasks, 4e5),),
        fixed_s=0.9,
        written_bytes=lambda size: 9e6 * size.n_tasks,
    ),
)
