"""Nodes of the virtual slump scenes."""

from entropice.imagery.tile_layout import TileLayout
from entropice.types import DataFrame, GeoDataFrame


def place_tiles(
    given_rts: GeoDataFrame, given_coverage: GeoDataFrame, land: GeoDataFrame, layout: TileLayout, random_seed: int
) -> DataFrame:
    """Tiles around slumps that a campaign has found, and anywhere in the ground that it has searched."""
    from entropice.imagery.places import place_tiles as place

    return place(given_rts, given_coverage, land, layout, random_seed)
