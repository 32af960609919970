"""What steps of this pipeline take. Cells and label years decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic and of the world of the
tests at h3_4, 29 November 2026.
"""

from typing import Final

from entropice.pipelines.labels import nodes
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (nodes.normalise_coverage, nodes.correct_coverage),
        (Rate("cells × label years", lambda size: size.n_cells * size.n_label_years, 16.0),),
        fixed_s=0.073,
        written_bytes=lambda size: 92.0 * size.n_cells * size.n_label_years,
    ),
    StepCost(
        (nodes.normalise_rts,),
        (Rate("cells × label years", lambda size: size.n_cells * size.n_label_years, 46.0),),
        fixed_s=0.75,
        written_bytes=lambda size: 480.0 * size.n_cells * size.n_label_years,
    ),
    StepCost(
        (nodes.label_cells,),
        (Rate("cells × label years", lambda size: size.n_cells * size.n_label_years, 81.0),),
        fixed_s=0.27,
        written_bytes=lambda _: 67000.0,
    ),
)
