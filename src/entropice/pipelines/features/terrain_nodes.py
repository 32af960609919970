"""Nodes of the terrain of cells: a plan of blocks, and what their results amount to."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.features.parameters import TerrainParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.sources.arcticdem import TileIndex
else:
    TileIndex = Any


def plan_terrain(elevation_tiles: TileIndex, cells: GeoDataFrame, parameters: TerrainParameters) -> TilePlan:
    """Cut the elevation tiles into blocks; each yields the moments of every terrain layer in the cells it touches."""
    from functools import partial

    from entropice.derive.terrain_blocks import Terrain, terrain_plan
    from entropice.sources.arcticdem import plan_blocks, read_window

    read, pixel_size_m = partial(read_window, elevation_tiles), elevation_tiles.pixel_size_m
    terrain = Terrain(read, pixel_size_m, cells.geometry.to_numpy(), parameters.tpi_radius_m)
    return terrain_plan(terrain, plan_blocks(elevation_tiles, parameters.block_px))


def derive_terrain(terrain_moments: TileResults, cells: GeoDataFrame, grid: str, years: list[int]) -> Dataset:
    """Mean and spread of slope, aspect from true north, topographic position and more over each cell."""
    from entropice.derive.cube import cell_cube
    from entropice.derive.terrain_blocks import add_up
    from entropice.derive.terrain_features import terrain_features
    from entropice.dggs import parse_grid

    features = terrain_features(add_up(terrain_moments, len(cells)))
    return cell_cube(features, cells["cell_id"].to_numpy(), parse_grid(grid).metadata, years)
