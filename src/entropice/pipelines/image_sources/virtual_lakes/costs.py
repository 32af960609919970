"""What virtual lakes take."""

from typing import Final

from entropice.pipelines.image_sources.virtual_lakes import nodes
from entropice.pipelines.network_rates import drawn, image_bytes
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (nodes.list_lakes,),
        (Rate("pixels of all regions and years", lambda size: size.images.surveyed_px, 0.2),),
        written_bytes=lambda size: 0.006 * size.images.surveyed_px,
    ),
    StepCost((nodes.place_chips,), (drawn(0.012),), written_bytes=lambda size: 0.0012 * size.drawn_px),
    StepCost(
        (nodes.render_chips,), (drawn(1.8),), memory_bytes=image_bytes, written_bytes=lambda size: 28 * size.drawn_px
    ),
    StepCost((nodes.audit_chips,), (drawn(0.15),), written_bytes=lambda size: 0.07 * size.drawn_px),
)
