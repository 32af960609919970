"""How climate is summed up by year."""

from typing import Annotated

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
