"""Which cells a run covers."""

from entropice.pipelines.grids.pipeline import create_pipeline

__all__ = ["create_pipeline"]
