"""Elevation of the virtual Arctic."""

from collections.abc import Iterable

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.raster.tile import RasterTile
from entropice.types import Dataset


def cut_elevation_tiles(world: Dataset, parameters: VirtualArcticParameters) -> Iterable[RasterTile]:
    """The elevation model with its fine roughness, in tiles as ArcticDEM has them.

    Of the dataset ``world`` it makes ``elevation_tiles``: every tile that holds land, heights in metres, NaN at sea,
    one at a time as it is written (`entropice.virtual_arctic.elevation_tiles.cut_tiles`).
    """
    from entropice.virtual_arctic.elevation_tiles import cut_tiles

    return cut_tiles(world, parameters)
