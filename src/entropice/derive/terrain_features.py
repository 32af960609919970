"""Terrain statistics of cells as features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from entropice.derive.cube import Feature
from entropice.derive.terrain import LAYERS
from entropice.types import FloatArray
from entropice.zonal.moments import Moments

SOURCE: Final = "ArcticDEM mosaic"


@dataclass(frozen=True)
class CellStatistic:
    """One statistic of one terrain layer, as a feature."""

    name: str
    layer: str
    statistic: Literal["mean", "standard deviation"]
    units: str
    long_name: str


STATISTICS: Final = (
    CellStatistic("elevation_mean_m", "elevation_m", "mean", "m", "height above the WGS 84 ellipsoid"),
    CellStatistic("elevation_sd_m", "elevation_m", "standard deviation", "m", "spread of heights"),
    CellStatistic("slope_mean_deg", "slope_deg", "mean", "degree", "slope"),
    CellStatistic("slope_sd_deg", "slope_deg", "standard deviation", "degree", "spread of slopes"),
    CellStatistic("northness_mean", "northness", "mean", "1", "cosine of the azimuth from true north, 0 where flat"),
    CellStatistic("eastness_mean", "eastness", "mean", "1", "sine of the azimuth from true north, 0 where flat"),
    CellStatistic("tpi_sd_m", "tpi_m", "standard deviation", "m", "spread of the topographic position index"),
)


def terrain_features(moments: Sequence[Moments]) -> list[Feature]:
    """The features of `STATISTICS`, each of shape (n_cell,); NaN where a cell holds no known pixel."""
    return [
        Feature(
            name=statistic.name,
            dimensions=("cell",),
            cell_values=_values(moments[LAYERS.index(statistic.layer)], statistic),
            units=statistic.units,
            group="terrain",
            source=SOURCE,
            statistic=f"{statistic.statistic} over the pixels of the cell",
            long_name=statistic.long_name,
        )
        for statistic in STATISTICS
    ]


def _values(moments: Moments, statistic: CellStatistic) -> FloatArray:
    return moments.means if statistic.statistic == "mean" else moments.standard_deviations
