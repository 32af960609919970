"""Parameters of the features pipeline: one section a source."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from entropice.base_model import StrictModel

IndexNames = Annotated[tuple[str, ...], Field(strict=False)]


class ClimateHistoryParameters(StrictModel):
    """Which climate indices are seen beside the years before; ``*`` and ``?`` in names stand for any characters."""

    normal_years: int = Field(ge=1, le=100, description="years before the label year whose mean is its normal")
    trend_years: int = Field(ge=2, le=100, description="years up to the label year over which a trend is fitted")
    lag_years: int = Field(ge=1, le=10, description="how many earlier years become features")
    normals: IndexNames = Field(description="indices whose normal is a feature")
    anomalies: IndexNames = Field(description="indices whose departure from the normal is a feature")
    lags: IndexNames = Field(description="indices whose earlier years are features")
    trends: IndexNames = Field(description="indices whose trend per decade is a feature")


class ClimateParameters(StrictModel):
    """How climate is summed up by year."""

    arctic_year_start_month: int = Field(
        ge=1, le=12, description="first month of the Arctic year; 10 runs from October of the year before to September"
    )
    rows_per_block: int = Field(
        ge=1, description="rows of an hourly climate held in memory at once; results do not depend on it"
    )
    history: ClimateHistoryParameters

    @field_validator("arctic_year_start_month")
    @classmethod
    def _keeps_summer_whole(cls, month: int) -> int:
        if month in (7, 8):
            raise ValueError("an Arctic year that starts in July or August would split the summer")
        return month


class TerrainParameters(StrictModel):
    """How terrain is derived from elevation."""

    radii_m: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(strict=False)] = Field(
        min_length=1, description="how far position, roughness and dissection look"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        description="where the layers are computed: a CUDA device if there is one, or as named"
    )
    block_px: int = Field(
        ge=64, le=16384, description="edge of the elevation blocks held in memory at once; results do not depend on it"
    )


class EmbeddingParameters(StrictModel):
    """Which embeddings stand for a label year."""

    resolution_m: float = Field(gt=0, description="edge of a pixel: the files' own, or that of one of their overviews")
    year_lag: int = Field(
        ge=0, le=10, description="years before the label year; with 1 no slump of the label year is in the picture"
    )


class FeatureParameters(StrictModel):
    """What the features are derived for, and how."""

    years: Annotated[tuple[int, ...], Field(strict=False)] = Field(
        min_length=1, description="label years; features of a year use nothing later than it"
    )
    climate: ClimateParameters
    terrain: TerrainParameters
    embeddings: EmbeddingParameters

    @field_validator("years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("years must ascend and occur once")
        return years
