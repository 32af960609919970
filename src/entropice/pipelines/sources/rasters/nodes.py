"""Nodes of rasters of the user's own: a plan of groups of cells, and what their results amount to."""

from pathlib import Path

from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import Dataset, GeoDataFrame


def plan_rasters(raster_files: Path, cells: GeoDataFrame, years: list[int], parameters: RasterParameters) -> TilePlan:
    """Gather cells by the pixels they need; each group yields the statistics of one raster in its cells."""
    from entropice.pipelines.sources.rasters.planning import raster_plan

    return raster_plan(raster_files, cells.geometry.to_numpy(), years, parameters)


def derive_rasters(
    raster_statistics: TileResults,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: RasterParameters,
) -> Dataset:
    """Statistics of each raster over each cell, or the shares of its area that each category has."""
    from entropice.derive.cube import cell_cube
    from entropice.dggs import parse_grid
    from entropice.pipelines.sources.rasters.features import gather, raster_features

    statistics = gather(raster_statistics, parameters.files, len(cells))
    features = raster_features(statistics, parameters, years)
    return cell_cube(features, cells, parse_grid(grid).metadata, years, min_known_fraction)
