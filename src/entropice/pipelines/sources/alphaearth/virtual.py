"""Embeddings of the virtual Arctic."""

from collections.abc import Iterable

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.raster.tile import EmbeddingTile
from entropice.types import Dataset


def write_embeddings(world: Dataset, parameters: VirtualArcticParameters) -> Iterable[EmbeddingTile]:
    """Annual embeddings of the land surface, in files as AlphaEarth publishes them."""
    from entropice.virtual_arctic.embedding_tiles import embedding_tiles

    return embedding_tiles(world, parameters)
