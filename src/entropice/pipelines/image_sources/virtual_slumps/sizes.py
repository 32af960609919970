"""How much there is to draw."""

from entropice.pipelines.image_sources.virtual_slumps.parameters import VirtualSlumpParameters
from entropice.pipelines.step_cost import Images


def images(section: VirtualSlumpParameters) -> Images:
    """Tiles around slumps, which count as positive, and anywhere, over all years, with the pixels of one."""
    tiles = section.tiles
    return Images(tiles.n_around, tiles.n_anywhere, tiles.n_pixels**2)
