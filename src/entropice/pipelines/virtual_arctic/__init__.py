"""The virtual Arctic: source files of a synthetic world with known truth."""

from entropice.pipelines.virtual_arctic.pipeline import create_pipeline

__all__ = ["create_pipeline"]
