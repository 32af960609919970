"""What a run hands to QGIS and to the reader."""

from entropice.pipelines.reporting.pipeline import create_pipeline

__all__ = ["create_pipeline"]
