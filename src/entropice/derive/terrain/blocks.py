"""Moments of the terrain in cells, block by block."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from array_api_compat import to_device

from entropice.derive.terrain.layers import halo_px, layer_names, terrain_layers
from entropice.derive.terrain.windows import Array
from entropice.raster.bounds import Bounds
from entropice.tiles.plan import Arrays, Tile, TilePlan
from entropice.types import Float32Array, FloatArray, Geometries, IntArray
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.moments import Moments, add_strip

BAND_PIXELS = 2**20
"""Rows are worked on together as far as these pixels go: layers then stay near the processor."""

BYTES_PER_PIXEL = 16
"""Of a block: the heights, while they are read and afterwards, and the weights of cells."""

BYTES_PER_BAND_PIXEL = 80
"""Of a band: a layer at its making, with what the layers after it need."""

CELL_AXES: Final = {"cell_px": 0, "moments": 2}
"""Of the arrays of a block, which axis runs over cells."""


@dataclass(frozen=True)
class Terrain:
    """What every block needs.

    Attributes
    ----------
    read
        Elevation (m) of any rectangle on the pixel grid, NaN where unknown.
    polygons
        Cells in EPSG:3413.
    radii_m
        Of the neighbourhoods, ascending.
    on_device
        Moves an array to where layers are computed.
    """

    read: Callable[[Bounds], Float32Array]
    pixel_size_m: float
    polygons: Geometries
    radii_m: tuple[float, ...]
    on_device: Callable[[Float32Array], Array]


@dataclass(frozen=True)
class Block:
    """A rectangle on the pixel grid, and the cells it touches: their positions (n_cells,) among all, ascending."""

    bounds: Bounds
    rows: IntArray


def terrain_plan(terrain: Terrain, blocks: Sequence[Bounds]) -> TilePlan:
    """One tile for each block (a rectangle on the pixel grid; they overlap nowhere) that touches a cell.

    It does where it meets the bounding box of the cell, edges included. In the order of the blocks; each is done by
    `block_moments`, and called ``x<left>_y<top>`` by its edges in whole metres. Nothing is read yet.

    Raises
    ------
    FeatureError
        As `entropice.derive.terrain.layers.halo_px`, by the radii.
    """
    tree = shapely.STRtree(terrain.polygons)
    touching = [block for block in (_block(tree, bounds) for bounds in blocks) if len(block.rows)]
    tiles = tuple(_tile(terrain, block) for block in touching)
    return TilePlan("Terrain of the cells", block_moments, terrain, tiles, "lower features.terrain.block_px")


def block_moments(terrain: Terrain, block: Block) -> Arrays:
    """Moments of every layer (in the order of `layer_names`) in the cells that a block touches.

    Layers are made and reduced a band of rows at a time, one after another: memory does not grow with their number.

    Returns
    -------
    Arrays
        ``rows`` int64, shape (n_cells_touched,), positions among all cells, ascending; ``cell_px`` float64, of that
        shape, the size of each cell in pixels, whether they lie in the block or not; ``moments`` float64, shape
        (n_layers, 5, n_cells_touched): count, mean, squared deviations, minimum and maximum, of the block's pixels
        alone, each weighted by the share of it in the cell. A cell without a known pixel in the block counts 0.
    """
    pixel_size_m, radii_m = terrain.pixel_size_m, terrain.radii_m
    halo, shape = halo_px(pixel_size_m, radii_m), block.bounds.shape(pixel_size_m)
    coverage = cell_coverage(terrain.polygons[block.rows], block.bounds.transform(pixel_size_m), shape)
    totals = [Moments.empty(len(block.rows)) for _ in layer_names(radii_m)]
    elevation_m = terrain.on_device(terrain.read(block.bounds.grown(halo * pixel_size_m)))
    # Bands are rows of the same block, read once: only the halo's rows are worked on twice.
    for rows in _bands(shape, halo):
        window = elevation_m[rows.start : rows.stop + 2 * halo, :]
        bounds = _rows_of(block.bounds, rows, pixel_size_m).grown(halo * pixel_size_m)
        for total, layer in zip(totals, terrain_layers(window, bounds, pixel_size_m, radii_m), strict=True):
            add_strip(total, coverage, np.asarray(to_device(layer, "cpu")), rows.start)
    return {
        "rows": block.rows,
        "cell_px": shapely.area(terrain.polygons[block.rows]) / pixel_size_m**2,
        "moments": np.array([total.arrays for total in totals]),
    }


def add_up(blocks: Iterable[Arrays], n_layers: int, n_cells: int) -> tuple[list[Moments], FloatArray]:
    """Moments of every layer in all cells, from those of the blocks, and the size of each cell in pixels, (n_cells,).

    Blocks are as `block_moments` makes them, in any order. The size is infinite where no block lies: nothing is known
    there.

    Examples
    --------
    One layer; of two cells the second, of 4 pixels, has two known ones of value 5.

    >>> import numpy as np
    >>> moments = np.array([2.0, 5.0, 0.0, 5.0, 5.0]).reshape(1, 5, 1)
    >>> (total,), cell_px = add_up([{"rows": np.array([1]), "cell_px": np.array([4.0]), "moments": moments}], 1, 2)
    >>> total.means.tolist(), (total.count / cell_px).tolist()
    ([nan, 5.0], [0.0, 0.5])
    """
    totals, cell_px = [Moments.empty(n_cells) for _ in range(n_layers)], np.full(n_cells, np.inf)
    for block in blocks:
        rows = np.asarray(block["rows"], dtype=np.int64)
        cell_px[rows] = block["cell_px"]
        for total, arrays in zip(totals, block["moments"], strict=True):
            total.add(rows, Moments(*arrays))
    return totals, cell_px


def block_bytes(n_values: int) -> int:
    """Memory (bytes) that a block of so many pixels takes at its peak, its halo included.

    16 a pixel, and 80 for each of those that are worked on together, 2²⁰ at most.

    Examples
    --------
    >>> block_bytes(10), block_bytes(2**21) / 2**20
    (960, 112.0)
    """
    return n_values * BYTES_PER_PIXEL + min(n_values, BAND_PIXELS) * BYTES_PER_BAND_PIXEL


def _block(tree: shapely.STRtree, bounds: Bounds) -> Block:
    frame = shapely.box(bounds.left_m, bounds.bottom_m, bounds.right_m, bounds.top_m)
    return Block(bounds, np.sort(tree.query(frame)))


def _bands(shape: tuple[int, int], halo: int) -> list[range]:
    """Rows of a block that are worked on together; not fewer than the halo that each band needs again."""
    n_rows = max(BAND_PIXELS // (shape[1] + 2 * halo) - 2 * halo, 2 * halo)
    return [range(first, min(first + n_rows, shape[0])) for first in range(0, shape[0], n_rows)]


def _rows_of(bounds: Bounds, rows: range, pixel_size_m: float) -> Bounds:
    top_m = bounds.top_m - rows.start * pixel_size_m
    return Bounds(bounds.left_m, top_m - len(rows) * pixel_size_m, bounds.right_m, top_m)


def _tile(terrain: Terrain, block: Block) -> Tile:
    halo = halo_px(terrain.pixel_size_m, terrain.radii_m)
    n_rows, n_columns = block.bounds.shape(terrain.pixel_size_m)
    n_values = (n_rows + 2 * halo) * (n_columns + 2 * halo)
    key = f"x{block.bounds.left_m:.0f}_y{block.bounds.top_m:.0f}"
    return Tile(key, block, n_values, block_bytes(n_values))
