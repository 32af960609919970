"""What steps of this pipeline take. Cells and years decide."""

from typing import Final

from entropice.pipelines.features.nodes import assemble_features
from entropice.pipelines.sources.alphaearth.nodes import derive_embeddings
from entropice.pipelines.sources.arcticdem.nodes import derive_terrain
from entropice.pipelines.sources.era5 import nodes as era5
from entropice.pipelines.sources.rasters.nodes import derive_rasters
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (era5.derive_climate_indices, era5.derive_hourly_climate, era5.derive_climate_fields),
        (Rate("cells × years", lambda size: size.n_cell_years, 75.0),),
        fixed_s=0.26,
        written_bytes=lambda size: 220.0 * size.n_cell_years,
    ),
    StepCost(
        (derive_terrain,),
        (Rate("cells × years", lambda size: size.n_cell_years, 1e-9),),
        fixed_s=0.11,
        written_bytes=lambda size: 67.0 * size.n_cell_years,
    ),
    StepCost(
        (derive_embeddings, derive_rasters),
        (Rate("cells × years", lambda size: size.n_cell_years, 1e-9),),
        fixed_s=0.49,
        written_bytes=lambda size: 760.0 * size.n_cell_years,
    ),
    StepCost(
        (assemble_features,),
        (Rate("cells × years", lambda size: size.n_cell_years, 1e-9),),
        fixed_s=0.87,
        written_bytes=lambda size: 1000.0 * size.n_cell_years,
    ),
)
