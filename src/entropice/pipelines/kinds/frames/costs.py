"""What steps of a task that asks for the next frames take."""

from typing import Final

from entropice.pipelines.kinds.frames import nodes
from entropice.pipelines.network_rates import ASKING, LEARNING, of_fields, seen, training_bytes
from entropice.pipelines.step_cost import Rate, StepCost, TaskSize


def _area_px(size: TaskSize) -> float:
    return size.images.edges_px[0] * size.images.edges_px[1]


COSTS: Final = (
    StepCost(
        (nodes.place_windows, nodes.split_windows, nodes.measure_bands, nodes.check_windows),
        (of_fields(0.1),),
        fixed_s=0.3,
        written_bytes=lambda _: 3e4,
    ),
    StepCost((nodes.train_network,), LEARNING, memory_bytes=training_bytes),
    StepCost((nodes.judge_forecasts,), (ASKING, seen(0.8)), written_bytes=lambda _: 3e5),
    StepCost(
        (nodes.map_forecasts,),
        (Rate("pixels of the area", _area_px, 60.0),),
        written_bytes=lambda size: 15 * _area_px(size),
    ),
    StepCost(
        (nodes.score_forecasts, nodes.monitor_forecasts, nodes.draw_panel, nodes.tell_facts),
        (seen(0.02),),
        fixed_s=0.2,
        written_bytes=lambda _: 5e4,
    ),
)
