"""What a source costs before its files are here: from the region, the source's tiling and the parameters."""

from typing import TYPE_CHECKING, Final

import shapely

from entropice.cost.table import SourceCost
from entropice.cost.throughput import VALUES_PER_S
from entropice.cost.tilings import outline, polar_squares, utm_squares
from entropice.derive.embeddings.moments import BYTES_PER_CELL, N_DIMENSIONS
from entropice.derive.terrain.blocks import block_bytes
from entropice.types import BaseGeometry

if TYPE_CHECKING:
    from entropice.app.parameters import Parameters
    from entropice.dggs import Region

ARCTICDEM_PIXEL_M: Final = 32.0
"""Of the mosaic that suits whole regions."""

ALPHAEARTH_TILE_M: Final = 163_840.0
ELEVATION_BYTES: Final = 4
EARTH_M2: Final = 5.1e14
BASIS: Final = "the region: at most, sea included, before compression"


def area_of(region: "Region", parameters: "Parameters", *, is_virtual: bool) -> BaseGeometry:
    """The region in EPSG:3413, as far as the virtual world reaches where that makes the files."""
    if not is_virtual:
        return outline(region)
    extent = parameters.virtual_arctic.extent
    return shapely.intersection(
        outline(region), shapely.box(extent.left_m, extent.bottom_m, extent.right_m, extent.top_m)
    )


def terrain(area: BaseGeometry, parameters: "Parameters", *, is_virtual: bool) -> SourceCost:
    """Blocks of elevation pixels in an area; their overlap is left out."""
    pixel_m = float(parameters.virtual_arctic.elevation_tiles.pixel_m) if is_virtual else ARCTICDEM_PIXEL_M
    block_px = parameters.features.terrain.block_px
    n_tiles = polar_squares(area, block_px * pixel_m)
    n_values = n_tiles * block_px**2
    return _cost("terrain", n_tiles, n_values, ELEVATION_BYTES * n_values, block_bytes(block_px**2), parameters)


def embeddings(area: BaseGeometry, parameters: "Parameters", *, is_virtual: bool) -> SourceCost:
    """Squares of embedding pixels of all years in an area, at the resolution that is read."""
    tiles = parameters.virtual_arctic.embedding_tiles
    tile_m = float(tiles.pixel_m * tiles.tile_px) if is_virtual else ALPHAEARTH_TILE_M
    side_px, n_years = round(tile_m / parameters.features.embeddings.resolution_m), len(parameters.features.years)
    n_tiles = utm_squares(area, tile_m)
    n_values = n_tiles * side_px**2 * N_DIMENSIONS * n_years
    n_cells = tile_m**2 / EARTH_M2 * _n_cells_of_earth(parameters.grid)
    return _cost("embeddings", n_tiles, n_values, n_values, round(BYTES_PER_CELL * n_cells), parameters)


def seconds(source: str, n_values: int, parameters: "Parameters") -> float:
    """Time for the values of a source, all workers together."""
    return n_values / VALUES_PER_S[source] / n_workers(parameters)


def memory_bytes(tile_bytes: int, parameters: "Parameters") -> int:
    """Of the tiles that are under way together."""
    n_that_fit = parameters.tiles.memory_ceiling_bytes // max(tile_bytes, 1)
    return tile_bytes * max(1, min(n_workers(parameters), n_that_fit))


def n_workers(parameters: "Parameters") -> int:
    """How many tiles may be done together; of a running scheduler nothing is known but that it has one worker."""
    return 1 if parameters.cluster.kind in {"none", "address"} else parameters.cluster.n_workers


def _cost(
    source: str, n_tiles: int, n_values: int, n_bytes: int, tile_bytes: int, parameters: "Parameters"
) -> SourceCost:
    together_bytes, time_s = memory_bytes(tile_bytes, parameters), seconds(source, n_values, parameters)
    return SourceCost(source, n_tiles, n_values, n_bytes, False, together_bytes, time_s, BASIS)


def _n_cells_of_earth(grid: str) -> int:
    kind, level = grid.split("_")
    n_cells: int = 2 + 120 * 7 ** int(level) if kind == "h3" else 12 * 4 ** int(level)
    return n_cells
