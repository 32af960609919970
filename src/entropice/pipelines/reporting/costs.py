"""What steps of this pipeline take. Cells and years of the map decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic and of the world of the
tests at h3_4, 29 November 2026.
"""

from typing import Final

from entropice.pipelines.reporting import nodes
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (nodes.attainable_limit,),
        (Rate("rows × draws", lambda size: size.n_rows * size.n_draws, 1.1),),
        fixed_s=0.047,
        written_bytes=lambda _: 130000.0,
    ),
    StepCost(
        (nodes.score_limit,),
        (Rate("rows × draws", lambda size: size.n_rows * size.n_bootstrap, 0.022),),
        fixed_s=0.06,
        written_bytes=lambda _: 6200.0,
    ),
    StepCost(
        (nodes.score_map,),
        (Rate("cells × years of the map", lambda size: size.n_predicted, 150.0),),
        written_bytes=lambda _: 3900.0,
    ),
    StepCost((nodes.check_limit,), fixed_s=0.012, written_bytes=lambda _: 63.0),
    StepCost(
        (nodes.plan_survey,),
        (Rate("cells", lambda size: size.n_cells, 20.0),),
        fixed_s=0.04,
        written_bytes=lambda _: 31000.0,
    ),
    StepCost(
        (nodes.assemble_run,),
        (Rate("cells × years of the map", lambda size: size.n_predicted, 270.0),),
        fixed_s=2.1,
        written_bytes=lambda size: 5500.0 * size.n_predicted,
    ),
)
