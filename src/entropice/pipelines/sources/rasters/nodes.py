"""Nodes of rasters of the user's own: a plan of groups of cells, and what their results amount to."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.derive.cell_blocks import CellBlocks
    from entropice.derive.cube import Feature
else:
    CellBlocks = Any


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
) -> CellBlocks:
    """Statistics of each raster over each cell, or the shares of its area that each category has."""
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.tiles_of_cells import TilesOfCells
    from entropice.dggs import parse_grid
    from entropice.pipelines.sources.rasters.features import CELL_AXES, gather, keys_of, raster_features

    tiles, keys = TilesOfCells.of(raster_statistics, CELL_AXES), keys_of(raster_statistics, parameters.files)

    def features_of(where: slice) -> "list[Feature]":
        statistics = gather(tiles.within(where), parameters.files, keys, where.stop - where.start)
        return raster_features(statistics, parameters, years)

    return cube_in_blocks(features_of, cells, parse_grid(grid).metadata, years, min_known_fraction)
