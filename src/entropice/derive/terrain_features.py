"""Terrain statistics of cells, accumulated block by block."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely

from entropice.derive.cube import Feature
from entropice.derive.terrain import LAYERS, halo_px, terrain_layers
from entropice.types import Float32Array, FloatArray, Geometries
from entropice.zonal.bounds import Bounds
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.moments import Moments, cell_moments

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
) -> list[Moments]:
    """Moments of every terrain layer (in the order of `LAYERS`) in every cell; the blocks' cut changes only memory.

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
    totals = [Moments.empty(len(polygons)) for _ in LAYERS]
    for block in blocks:
        rows = np.sort(tree.query(shapely.box(block.left_m, block.bottom_m, block.right_m, block.top_m)))
        if len(rows):
            grown = block.grown(margin_m)
            layers = terrain_layers(read(grown), grown, pixel_size_m, tpi_radius_m)
            coverage = cell_coverage(polygons[rows], block.transform(pixel_size_m), block.shape(pixel_size_m))
            for total, layer in zip(totals, layers, strict=True):
                total.add(rows, cell_moments(coverage, layer))
    return totals


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
