"""Which embeddings stand for a label year."""

from pydantic import Field

from entropice.base_model import StrictModel


class EmbeddingParameters(StrictModel):
    """Which embeddings stand for a label year."""

    resolution_m: float = Field(gt=0, description="edge of a pixel: the files' own, or that of one of their overviews")
    year_lag: int = Field(
        ge=0, le=10, description="years before the label year; with 1 no slump of the label year is in the picture"
    )
