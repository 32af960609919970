"""What a virtual land that people change takes."""

from typing import Final

from entropice.pipelines.image_sources.virtual_modification import nodes
from entropice.pipelines.network_rates import of_fields
from entropice.pipelines.step_cost import Rate, StepCost

COSTS: Final = (
    StepCost(
        (nodes.make_files, nodes.read_fields),
        (of_fields(0.47),),
        written_bytes=lambda size: 2.3 * size.images.n_field_pixels,
    ),
    StepCost(
        (nodes.forecast_by_law,),
        (Rate("pixels × members × steps", lambda size: size.images.law_px, 0.3),),
        written_bytes=lambda size: 0.2 * size.images.law_px,
    ),
)
