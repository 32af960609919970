"""All sources: those of features, one entry each, and the others."""

from typing import Final

from entropice.pipelines.sources.alphaearth.declaration import ALPHAEARTH
from entropice.pipelines.sources.arcticdem.declaration import ARCTICDEM
from entropice.pipelines.sources.declaration import FeatureSource, Source
from entropice.pipelines.sources.era5.declaration import ERA5_FIELDS, ERA5_HOURLY, ERA5_MONTHLY
from entropice.pipelines.sources.label_sources import LABELS
from entropice.pipelines.sources.natural_earth.declaration import NATURAL_EARTH
from entropice.pipelines.sources.rasters.declaration import RASTERS

LAND: Final = NATURAL_EARTH

FEATURES: Final[tuple[FeatureSource, ...]] = (ERA5_MONTHLY, ERA5_HOURLY, ERA5_FIELDS, ARCTICDEM, ALPHAEARTH, RASTERS)

SOURCES: Final[tuple[Source, ...]] = (LAND, *LABELS, *FEATURES)
"""In the order of documents and attributions."""
