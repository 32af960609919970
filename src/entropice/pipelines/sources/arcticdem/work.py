"""How much elevation there is to read."""

from entropice.pipelines.sources.work import Extent, Work

PIXEL_M = 32.0
"""Of the mosaic that suits whole regions."""

BYTES_PER_PIXEL = 4


def terrain_work(extent: Extent) -> Work:
    """Blocks of elevation pixels that touch the land; their overlap is left out.

    What comes back is blocks, pixels in them, bytes of the files before compression and bytes of memory for one block.
    Pixels are 32 m wide, or those of the virtual world, and four bytes each; blocks lie on a lattice through the pole.
    """
    from entropice.derive.terrain.blocks import block_bytes
    from entropice.pipelines.sources.tilings import polar_squares

    pixel_m = PIXEL_M if extent.world is None else float(extent.world.elevation_tiles.pixel_m)
    block_px = extent.parameters.block_px
    n_tiles = polar_squares(extent.land, block_px * pixel_m)
    n_values = n_tiles * block_px**2
    return Work(n_tiles, n_values, BYTES_PER_PIXEL * n_values, block_bytes(block_px**2))
