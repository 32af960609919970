"""What steps of this pipeline take. Cells decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic and of the world of the
tests at h3_4, 29 November 2026.
"""

from typing import Final

from entropice.pipelines.grids.nodes import build_cells, normalise_land
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (normalise_land,),
        (Rate("cells", lambda size: size.n_cells, 12.0),),
        fixed_s=0.035,
        written_bytes=lambda _: 32000.0,
    ),
    StepCost(
        (build_cells,),
        (Rate("cells", lambda size: size.n_cells, 100.0),),
        fixed_s=0.21,
        written_bytes=lambda size: 180.0 * size.n_cells,
    ),
)
