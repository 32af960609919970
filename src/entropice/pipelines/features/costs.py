"""What steps of this pipeline take. Cells and years decide; memory is that of a block of cells and of all outlines.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic and of the world of the
tests at h3_4, 29 November 2026.
"""

from typing import Final

from entropice.pipelines.features.nodes import assemble_features
from entropice.pipelines.sources.alphaearth.nodes import derive_embeddings
from entropice.pipelines.sources.arcticdem.nodes import derive_terrain
from entropice.pipelines.sources.era5 import nodes as era5
from entropice.pipelines.sources.rasters.nodes import derive_rasters
from entropice.pipelines.step_cost import Rate, RunSize, StepCost

BYTES_PER_CELL: Final = 1.5e3
"""Of the table of cells with its outlines, and the numbers of tiles that touch them."""

BYTES_PER_CELL_YEAR: Final = 4e3
"""Of a block: moments, and some 190 features on their way to the cube."""


def _block_bytes(size: RunSize) -> float:
    from entropice.learning.samples import CELLS_PER_BLOCK

    block = BYTES_PER_CELL_YEAR * min(size.n_cells, CELLS_PER_BLOCK) * size.n_years
    return block + BYTES_PER_CELL * size.n_cells


COSTS: Final = (
    StepCost(
        (era5.derive_climate_indices, era5.derive_hourly_climate, era5.derive_climate_fields),
        (Rate("cells × years", lambda size: size.n_cell_years, 75.0),),
        fixed_s=0.26,
        memory_bytes=_block_bytes,
        written_bytes=lambda size: 220.0 * size.n_cell_years,
    ),
    StepCost(
        (derive_terrain,),
        (Rate("cells × years", lambda size: size.n_cell_years, 20.0),),
        fixed_s=0.11,
        memory_bytes=_block_bytes,
        written_bytes=lambda size: 67.0 * size.n_cell_years,
    ),
    StepCost(
        (derive_embeddings, derive_rasters),
        (Rate("cells × years", lambda size: size.n_cell_years, 20.0),),
        fixed_s=0.49,
        memory_bytes=_block_bytes,
        written_bytes=lambda size: 760.0 * size.n_cell_years,
    ),
    StepCost(
        (assemble_features,),
        (Rate("cells × years", lambda size: size.n_cell_years, 15.0),),
        fixed_s=0.87,
        memory_bytes=_block_bytes,
        written_bytes=lambda size: 1000.0 * size.n_cell_years,
    ),
)
