"""Embeddings of the virtual Arctic."""

from collections.abc import Iterable

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.raster.tile import EmbeddingTile
from entropice.types import Dataset


def write_embeddings(world: Dataset, parameters: VirtualArcticParameters) -> Iterable[EmbeddingTile]:
    """Annual embeddings of the land surface, in files as AlphaEarth publishes them.

    Of the dataset ``world`` it makes ``embedding_files``: vectors of 64 dimensions and length 1, year by year within a
    square, one at a time as they are written; sea and gaps are masked
    (`entropice.virtual_arctic.embedding_tiles.embedding_tiles`).
    """
    from entropice.virtual_arctic.embedding_tiles import embedding_tiles

    return embedding_tiles(world, parameters)
