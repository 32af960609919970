"""Parameters of the features pipeline: one section a source."""

from typing import Annotated

from pydantic import Field, field_validator

from entropice.strict import StrictModel


class ClimateParameters(StrictModel):
    """How climate is summed up by year."""

    arctic_year_start_month: int = Field(
        ge=1, le=12, description="first month of the Arctic year; 10 runs from October of the year before to September"
    )

    @field_validator("arctic_year_start_month")
    @classmethod
    def _keeps_summer_whole(cls, month: int) -> int:
        if month in (7, 8):
            raise ValueError("an Arctic year that starts in July or August would split the summer")
        return month


class TerrainParameters(StrictModel):
    """How terrain is derived from elevation."""

    tpi_radius_m: float = Field(gt=0, description="radius of the topographic position index")
    block_px: int = Field(
        ge=64, le=16384, description="edge of the elevation blocks held in memory at once; results do not depend on it"
    )


class FeatureParameters(StrictModel):
    """What the features are derived for, and how."""

    years: Annotated[tuple[int, ...], Field(strict=False)] = Field(
        min_length=1, description="label years; features of a year use nothing later than it"
    )
    climate: ClimateParameters
    terrain: TerrainParameters

    @field_validator("years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("years must ascend and occur once")
        return years
