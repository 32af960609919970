"""Climate and terrain of every cell."""

from entropice.pipelines.features.pipeline import create_pipeline

__all__ = ["create_pipeline"]
