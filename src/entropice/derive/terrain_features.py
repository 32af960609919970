"""Terrain statistics of cells, accumulated block by block."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely

from entropice.derive.cube import Feature
from entropice.derive.terrain import LAYERS, halo_px, terrain_layers
from entropice.types import Float32Array, Geometries
from entropice.zonal.bounds import Bounds
from entropice.zonal.raster_moments import Moments, cell_moments

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


def reduce_terrain(
    read: Callable[[Bounds], Float32Array],
    blocks: Iterable[Bounds],
    polygons: Geometries,
    pixel_size_m: float,
    tpi_radius_m: float,
) -> Moments:
    """Moments of every terrain layer in every cell; the blocks' cut changes nothing but memory.

    Parameters
    ----------
    read
        Elevation (m) of any rectangle on the pixel grid, NaN where unknown; called with each block and its halo.
    blocks
        Rectangles on the pixel grid that overlap nowhere.
    polygons
        Cells in EPSG:3413.
    """
    margin_m = halo_px(pixel_size_m, tpi_radius_m) * pixel_size_m
    tree = shapely.STRtree(polygons)
    total = Moments.empty(len(polygons), len(LAYERS))
    for block in blocks:
        rows = np.sort(tree.query(shapely.box(block.left_m, block.bottom_m, block.right_m, block.top_m)))
        if len(rows):
            grown = block.grown(margin_m)
            layers = terrain_layers(read(grown), grown, pixel_size_m, tpi_radius_m)
            total.add(rows, cell_moments(layers, block, polygons[rows]))
    return total


def terrain_features(moments: Moments) -> list[Feature]:
    """The features of `STATISTICS`, each of shape (n_cell,); NaN where a cell holds no known pixel."""
    values = {"mean": moments.means, "standard deviation": moments.standard_deviations}
    return [
        Feature(
            name=statistic.name,
            dimensions=("cell",),
            cell_values=values[statistic.statistic][:, LAYERS.index(statistic.layer)],
            units=statistic.units,
            group="terrain",
            source=SOURCE,
            statistic=f"{statistic.statistic} over the pixels of the cell",
            long_name=statistic.long_name,
        )
        for statistic in STATISTICS
    ]
