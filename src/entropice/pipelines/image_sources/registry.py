"""All sources of images, one entry each."""

from typing import Final

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.ice_charts.declaration import ICE_CHARTS
from entropice.pipelines.image_sources.ice_series.declaration import ICE_SERIES
from entropice.pipelines.image_sources.virtual_slumps.declaration import VIRTUAL_SLUMPS

IMAGE_SOURCES: Final[tuple[ImageSource, ...]] = (VIRTUAL_SLUMPS, ICE_SERIES, ICE_CHARTS)
