"""What steps of this pipeline take. Cells and years of the map decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic at h3_4 and h3_6, and for half
a million cells in seven years (docs/scale.md), 30 November 2026.
"""

from typing import Final

from entropice.pipelines.reporting import nodes
from entropice.pipelines.step_cost import Rate, RunSize, StepCost


def _forecasts(size: RunSize) -> float:
    return size.n_rows * size.n_schemes * size.n_models


COSTS: Final = (
    StepCost(
        (nodes.attainable_limit,),
        (Rate("rows × draws", lambda size: size.n_rows * size.n_draws, 0.092),),
        fixed_s=1.3,
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
        (Rate("cells × years of the map", lambda size: size.n_predicted, 6.3),),
        fixed_s=0.85,
        written_bytes=lambda _: 3900.0,
    ),
    StepCost((nodes.check_limit,), fixed_s=0.012, written_bytes=lambda _: 63.0),
    StepCost(
        (nodes.plan_survey,),
        (Rate("cells", lambda size: size.n_cells, 20.0),),
        fixed_s=0.04,
        memory_bytes=lambda size: 490.0 * size.n_predicted,
        written_bytes=lambda _: 31000.0,
    ),
    StepCost(
        (nodes.assemble_run,),
        (
            Rate("cells × years of the map", lambda size: size.n_predicted, 16.0),
            Rate("forecasts out of fold", _forecasts, 6.0),
        ),
        fixed_s=6.0,
        memory_bytes=lambda size: 3e8 + 1300.0 * size.n_predicted,
        written_bytes=lambda size: 16e6 + 410.0 * size.n_predicted + 139.0 * _forecasts(size),
    ),
)
