"""How many embeddings there are to read."""

from entropice.grid_keys import n_cells_of_earth
from entropice.pipelines.sources.work import Extent, Work

TILE_M = 163_840.0
EARTH_M2 = 5.1e14


def embedding_work(extent: Extent) -> Work:
    """Squares of embedding pixels of all years that touch the land, at the resolution that is read.

    What comes back is squares, values in them, bytes of the files before compression and bytes of memory for one
    square. Squares are those of AlphaEarth's files in UTM zones, or of the virtual world's; a value is a byte for each
    pixel, dimension and year.
    """
    from entropice.derive.embeddings.moments import BYTES_PER_CELL, N_DIMENSIONS
    from entropice.pipelines.sources.tilings import utm_squares

    tiles = None if extent.world is None else extent.world.embedding_tiles
    tile_m = TILE_M if tiles is None else float(tiles.pixel_m * tiles.tile_px)
    side_px = round(tile_m / extent.parameters.resolution_m)
    n_tiles = utm_squares(extent.land, tile_m)
    n_values = n_tiles * side_px**2 * N_DIMENSIONS * len(extent.years)
    n_cells = tile_m**2 / EARTH_M2 * n_cells_of_earth(extent.grid)
    return Work(n_tiles, n_values, n_values, round(BYTES_PER_CELL * n_cells))
