"""What an ice chart says of an image's pixels: ice, no ice, or neither for certain."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import rasterio.features

from entropice.crs import POLAR_CRS
from entropice.errors import ConfigError
from entropice.sources.imagery.labels import IGNORED, Mask
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import GeoDataFrame

ICE: Final = 1
NO_ICE: Final = 0


@dataclass(frozen=True)
class IceRule:
    """Which polygons of a chart are ice, and which are not; what lies between is not scored.

    Attributes
    ----------
    water_to
        Highest share of ice of a polygon that counts as water.
    ice_from
        Lowest share of ice of a polygon that counts as ice.
    """

    water_to: float
    ice_from: float

    def __post_init__(self) -> None:
        if not 0 <= self.water_to < self.ice_from <= 1:
            raise ConfigError(
                "Ice must begin above the share that still counts as water.",
                field="water_to, ice_from",
                got=f"{self.water_to:g}, {self.ice_from:g}",
                expected="0 ≤ water_to < ice_from ≤ 1",
                fix="take 0.1 and 0.8, between which charts and images often differ",
            )


def ice_mask(chart: GeoDataFrame, place: RasterPlace, rule: IceRule) -> Mask:
    """Mask of a chart (`read_chart`) on the pixels of an image, by their middles.

    Where polygons overlap, the last of them counts. A share that equals `ice_from` or `water_to` belongs to ice or
    water.

    Parameters
    ----------
    chart
        ``geometry`` in EPSG:3413, ``lowest`` and ``highest`` share of ice, NaN where unknown.
    place
        Where the image's pixels lie, in any projected CRS.
    rule
        What is ice, and what is none.

    Returns
    -------
    Mask
        uint8 (row, column): 1 ice, 0 no ice; 255 where the chart's range reaches into both or lies between, on land,
        and where the chart says nothing.

    Examples
    --------
    Half a tenth of doubt about ice, and ice of three to five tenths:

    >>> from geopandas import GeoDataFrame
    >>> from shapely import box
    >>> chart = GeoDataFrame(
    ...     {"lowest": [0.9, 0.3], "highest": [0.95, 0.5]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=POLAR_CRS
    ... )
    >>> ice_mask(chart, RasterPlace(POLAR_CRS, 0.0, 1.0, 1.0, 1, 3), IceRule(water_to=0.1, ice_from=0.8)).tolist()
    [[1, 255, 255]]
    """
    label = np.full(len(chart), IGNORED, dtype=np.uint8)
    label[chart["lowest"] >= rule.ice_from] = ICE
    label[chart["highest"] <= rule.water_to] = NO_ICE
    outlines = chart.geometry if place.crs == POLAR_CRS else chart.geometry.to_crs(place.crs)
    shapes = [(outline, int(value)) for outline, value in zip(outlines, label, strict=True)]
    mask: Mask = rasterio.features.rasterize(
        shapes, place.shape, fill=IGNORED, transform=place.transform, dtype=np.uint8
    )
    return mask
