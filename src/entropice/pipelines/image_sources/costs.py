"""What reading images that are given takes: that follows from their files, of which parameters say nothing."""

from typing import Final

from entropice.pipelines.image_sources.ice_charts import nodes as ice_charts
from entropice.pipelines.image_sources.ice_series import nodes as ice_series
from entropice.pipelines.image_sources.lake_chips import nodes as lake_chips
from entropice.pipelines.image_sources.raster_series import nodes as raster_series
from entropice.pipelines.step_cost import StepCost

COSTS: Final = (
    StepCost(
        (
            ice_charts.cut_tiles,
            ice_series.read_fields,
            lake_chips.copy_audits,
            lake_chips.copy_chips,
            lake_chips.read_tiles,
            raster_series.read_fields,
        ),
        why_unknown="the files that are given decide, and were not measured",
    ),
)
