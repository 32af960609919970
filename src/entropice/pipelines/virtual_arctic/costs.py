"""What the virtual Arctic and its files take: its base units decide.

Measured on one core of an AMD EPYC (virtual machine) in whole runs of the virtual Arctic and of the world of the
tests at h3_4, 29 November 2026.
"""

from typing import Final

from entropice.pipelines.sources.alphaearth.virtual import write_embeddings
from entropice.pipelines.sources.arcticdem.virtual import cut_elevation_tiles
from entropice.pipelines.sources.darts.virtual import digitise_slumps, draw_footprints
from entropice.pipelines.sources.era5.virtual import write_climate
from entropice.pipelines.sources.natural_earth.nodes import outline_land
from entropice.pipelines.step_cost import Rate, StepCost
from entropice.pipelines.virtual_arctic.nodes import build_world

COSTS: Final = (
    StepCost(
        (build_world,),
        (Rate("base units", lambda size: size.n_units, 0.033),),
        fixed_s=0.95,
        memory_bytes=lambda size: 36.0 * size.n_units,
        written_bytes=lambda size: 7.2 * size.n_units,
    ),
    StepCost(
        (outline_land,),
        (Rate("base units", lambda size: size.n_units, 0.033),),
        fixed_s=0.027,
        memory_bytes=lambda size: 71.0 * size.n_units,
        written_bytes=lambda _: 160000.0,
    ),
    StepCost(
        (draw_footprints,),
        (Rate("base units", lambda size: size.n_units, 0.11),),
        fixed_s=0.24,
        memory_bytes=lambda size: 71.0 * size.n_units,
        written_bytes=lambda size: 0.12 * size.n_units,
    ),
    StepCost(
        (digitise_slumps,),
        (Rate("base units", lambda size: size.n_units, 0.44),),
        fixed_s=0.27,
        memory_bytes=lambda size: 140.0 * size.n_units,
        written_bytes=lambda size: 8.3 * size.n_units,
    ),
    StepCost(
        (cut_elevation_tiles,),
        (Rate("base units", lambda size: size.n_units, 0.32),),
        fixed_s=0.085,
        memory_bytes=lambda size: 45.0 * size.n_units,
        written_bytes=lambda size: 6.4 * size.n_units,
    ),
    StepCost(
        (write_climate,),
        (Rate("base units", lambda size: size.n_units, 0.28),),
        fixed_s=0.14,
        memory_bytes=lambda size: 100.0 * size.n_units,
        written_bytes=lambda size: 13.0 * size.n_units,
    ),
    StepCost(
        (write_embeddings,),
        (Rate("base units", lambda size: size.n_units, 0.56),),
        fixed_s=1.0,
        memory_bytes=lambda size: 105.0 * size.n_units,
        written_bytes=lambda size: 1.6 * size.n_units,
    ),
)
