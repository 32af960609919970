from entropice.pipelines.modelling.pipeline import create_pipeline

__all__ = ["create_pipeline"]
