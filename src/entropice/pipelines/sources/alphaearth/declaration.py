"""AlphaEarth: embeddings of cells."""

from kedro.pipeline import Node

from entropice.pipelines.sources.alphaearth import nodes
from entropice.pipelines.sources.alphaearth.download import EmbeddingsParameters, plan_embeddings
from entropice.pipelines.sources.alphaearth.parameters import EmbeddingParameters
from entropice.pipelines.sources.alphaearth.virtual import write_embeddings
from entropice.pipelines.sources.alphaearth.work import embedding_work
from entropice.pipelines.sources.declaration import WHERE, Download, FeatureSource, Licence, VirtualFile


def _nodes() -> list[Node]:
    return [
        Node(
            nodes.plan_embeddings,
            ["embedding_files", "cells", "params:features.years", "params:features.embeddings"],
            "embedding_moments",
            name="reduce_embeddings",
            tags=["embeddings", "heavy"],
        ),
        Node(
            nodes.derive_embeddings,
            ["embedding_moments", *WHERE, "params:features.embeddings"],
            "embedding_features",
            name="derive_embeddings",
            tags=["embeddings"],
        ),
    ]


ALPHAEARTH = FeatureSource(
    "alphaearth",
    licence=Licence(
        "AlphaEarth Foundations Satellite Embedding",
        "CC BY 4.0",
        "The AlphaEarth Foundations Satellite Embedding dataset is produced by Google and Google DeepMind.",
        "source.coop/tge-labs/aef",
    ),
    download=Download("embeddings", EmbeddingsParameters, plan_embeddings, is_regional=True),
    virtual_files=(VirtualFile(write_embeddings, ("world",), ("embedding_files",)),),
    group="embeddings",
    dataset="embedding_features",
    files="embedding_files",
    parameters=EmbeddingParameters,
    nodes=_nodes,
    feature_names=nodes.feature_names,
    plan="embedding_moments",
    work=embedding_work,
    # a deflated file of 1024² pixels × 64 bands: 120 to 138 million, decoding included
    values_per_s=1.3e8,
)
