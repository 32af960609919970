"""Parameters of the labels."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from entropice.sources.columns import DartsColumns
from entropice.strict import StrictModel

Year = Annotated[int, Field(ge=1984, le=2100)]


class DartsParameters(StrictModel):
    """How to read DARTS outlines and footprints."""

    columns: DartsColumns = Field(default=DartsColumns(), description="what the columns are called")
    min_probability: float = Field(
        default=0.5, ge=0, le=1, description="outlines below are ignored, where there is a probability column"
    )
    coverage_year_column: str | None = Field(
        default="year",
        description="year of a footprint; null where all footprints stand for one pooled label year",
    )


class ArtsParameters(StrictModel):
    """How to read ARTS outlines, and which ground to take for searched."""

    first_year: Year = Field(default=2011, description="start of the pooled period; it ends with the one label year")
    survey_areas: dict[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default={}, description="name of each area assumed searched: the values of RegionName that belong to it"
    )
    max_gap_km: float = Field(
        default=50.0, gt=0, description="outlines of one area farther apart belong to separate searches"
    )
    search_radius_km: float = Field(
        default=50.0, gt=0, description="ground around the hull of a search that counts as searched, too"
    )


class LabelParameters(StrictModel):
    """Label years, the rule for "observed", and one section per source; the environment says which is used."""

    years: Annotated[tuple[Year, ...], Field(strict=False, min_length=1)] = Field(description="label years, increasing")
    min_observed_fraction: float = Field(
        default=0.5, gt=0, le=1, description="of a cell's land area, from which on it counts as observed"
    )
    darts: DartsParameters = DartsParameters()
    arts: ArtsParameters = ArtsParameters()

    @field_validator("years")
    @classmethod
    def _are_increasing(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError(f"years must increase, without repeats: {list(years)}")
        return years

    @model_validator(mode="after")
    def _has_one_year_where_pooled(self) -> "LabelParameters":
        is_pooled = bool(self.arts.survey_areas) or self.darts.coverage_year_column is None
        if is_pooled and len(self.years) > 1:
            raise ValueError(f"pooled footprints stand for one label year, not for {list(self.years)}")
        return self
