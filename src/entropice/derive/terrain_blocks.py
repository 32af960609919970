"""Moments of the terrain in cells, block by block."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from entropice.derive.terrain import LAYERS, halo_px, terrain_layers
from entropice.tiles.plan import Arrays, Tile, TilePlan
from entropice.types import Float32Array, Geometries, IntArray
from entropice.zonal.bounds import Bounds
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.moments import Moments, cell_moments

BYTES_PER_PIXEL = 64
"""Of a block at its peak: every layer, its intermediates, and the weights."""


@dataclass(frozen=True)
class Terrain:
    """What every block needs.

    Attributes
    ----------
    read
        Elevation (m) of any rectangle on the pixel grid, NaN where unknown.
    polygons
        Cells in EPSG:3413.
    """

    read: Callable[[Bounds], Float32Array]
    pixel_size_m: float
    polygons: Geometries
    tpi_radius_m: float


@dataclass(frozen=True)
class Block:
    """A rectangle on the pixel grid, and the cells it touches."""

    bounds: Bounds
    rows: IntArray


def terrain_plan(terrain: Terrain, blocks: Sequence[Bounds]) -> TilePlan:
    """One tile for each block (a rectangle on the pixel grid; they overlap nowhere) that touches a cell."""
    tree = shapely.STRtree(terrain.polygons)
    touching = [block for block in (_block(tree, bounds) for bounds in blocks) if len(block.rows)]
    return TilePlan("Terrain of the cells", block_moments, terrain, tuple(_tile(terrain, block) for block in touching))


def block_moments(terrain: Terrain, block: Block) -> Arrays:
    """Moments of every layer (in the order of `LAYERS`) in the cells that a block touches.

    Returns
    -------
    Arrays
        ``rows`` int64, shape (n_cells_touched,); ``moments`` float64, shape (n_layers, 5, n_cells_touched).
    """
    pixel_size_m = terrain.pixel_size_m
    grown = block.bounds.grown(halo_px(pixel_size_m, terrain.tpi_radius_m) * pixel_size_m)
    layers = terrain_layers(terrain.read(grown), grown, pixel_size_m, terrain.tpi_radius_m)
    transform, shape = block.bounds.transform(pixel_size_m), block.bounds.shape(pixel_size_m)
    coverage = cell_coverage(terrain.polygons[block.rows], transform, shape)
    return {"rows": block.rows, "moments": np.array([cell_moments(coverage, layer).arrays for layer in layers])}


def add_up(blocks: Iterable[Arrays], n_cells: int) -> list[Moments]:
    """Moments of every layer in all cells, from those of the blocks."""
    totals = [Moments.empty(n_cells) for _ in LAYERS]
    for block in blocks:
        for total, arrays in zip(totals, block["moments"], strict=True):
            total.add(block["rows"], Moments(*arrays))
    return totals


def _block(tree: shapely.STRtree, bounds: Bounds) -> Block:
    frame = shapely.box(bounds.left_m, bounds.bottom_m, bounds.right_m, bounds.top_m)
    return Block(bounds, np.sort(tree.query(frame)))


def _tile(terrain: Terrain, block: Block) -> Tile:
    halo = halo_px(terrain.pixel_size_m, terrain.tpi_radius_m)
    n_rows, n_columns = block.bounds.shape(terrain.pixel_size_m)
    n_values = (n_rows + 2 * halo) * (n_columns + 2 * halo)
    key = f"x{block.bounds.left_m:.0f}_y{block.bounds.top_m:.0f}"
    return Tile(key, block, n_values, n_values * BYTES_PER_PIXEL)
