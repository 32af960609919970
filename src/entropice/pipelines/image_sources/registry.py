"""All sources of images, one entry each."""

from typing import Final

from entropice.pipelines.image_sources.cell_fields.declaration import CELL_FIELDS, VIRTUAL_CELL_FIELDS
from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.ice_charts.declaration import ICE_CHARTS
from entropice.pipelines.image_sources.ice_series.declaration import ICE_SERIES
from entropice.pipelines.image_sources.lake_chips.declaration import LAKE_CHIPS
from entropice.pipelines.image_sources.raster_series.declaration import RASTER_SERIES
from entropice.pipelines.image_sources.virtual_ice.declaration import VIRTUAL_ICE
from entropice.pipelines.image_sources.virtual_lakes.declaration import VIRTUAL_LAKES
from entropice.pipelines.image_sources.virtual_modification.declaration import VIRTUAL_MODIFICATION
from entropice.pipelines.image_sources.virtual_slumps.declaration import VIRTUAL_SLUMPS

IMAGE_SOURCES: Final[tuple[ImageSource, ...]] = (
    VIRTUAL_SLUMPS,
    *VIRTUAL_ICE,
    ICE_SERIES,
    ICE_CHARTS,
    VIRTUAL_MODIFICATION,
    VIRTUAL_LAKES,
    RASTER_SERIES,
    LAKE_CHIPS,
    CELL_FIELDS,
    VIRTUAL_CELL_FIELDS,
)
