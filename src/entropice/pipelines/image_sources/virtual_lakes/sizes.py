"""How much there is to draw."""

from entropice.pipelines.image_sources.virtual_lakes.parameters import VirtualLakes
from entropice.pipelines.step_cost import Images


def images(section: VirtualLakes) -> Images:
    """Chips around lakes, which count as positive, and anywhere, of each region and year.

    The regions can be surveyed whole: their pixels of all years are counted beside.
    """
    regions, tiles = section.lakes.regions, section.tiles
    n_looks = regions.n_regions * len(regions.years)
    return Images(
        tiles.n_around * n_looks,
        tiles.n_anywhere * n_looks,
        tiles.n_pixels**2,
        surveyed_px=n_looks * regions.n_pixels**2,
    )
