"""What virtual sea ice takes."""

from typing import Final

from entropice.pipelines.image_sources.virtual_ice import nodes
from entropice.pipelines.network_rates import drawn, image_bytes, of_fields
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (nodes.place_types, nodes.place_changes, nodes.place_charts),
        (drawn(0.9),),
        written_bytes=lambda size: 0.006 * size.drawn_px,
    ),
    StepCost(
        (nodes.render_types, nodes.render_changes, nodes.render_charts),
        (drawn(4.3),),
        memory_bytes=image_bytes,
        written_bytes=lambda size: 2.2 * size.drawn_px,
    ),
    StepCost((nodes.make_fields,), (of_fields(0.55),), written_bytes=lambda size: 12 * size.images.n_field_pixels),
    StepCost(
        (nodes.forecast_by_law,),
        (Rate("pixels × members × days", lambda size: size.images.law_px, 0.21),),
        written_bytes=lambda size: 0.5 * size.images.law_px,
    ),
)
