from entropice.pipelines.labels.pipeline import create_pipeline

__all__ = ["create_pipeline"]
