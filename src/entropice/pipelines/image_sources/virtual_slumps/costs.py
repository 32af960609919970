"""What drawing the virtual Arctic from above takes."""

from typing import Final

from entropice.pipelines.image_sources.virtual_slumps import nodes
from entropice.pipelines.network_rates import drawn, image_bytes
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost((nodes.place_tiles,), (drawn(0.013),), fixed_s=0.2, written_bytes=lambda size: 0.002 * size.drawn_px),
    StepCost(
        (nodes.render_images,),
        (
            drawn(0.55),  # of tiles of 512 pixels: benchmarks.imagery_seconds
            Rate("images", lambda size: size.images.n_positive + size.images.n_negative, 1e4),
        ),
        memory_bytes=image_bytes,
        written_bytes=lambda size: 11 * size.drawn_px,
    ),
)
