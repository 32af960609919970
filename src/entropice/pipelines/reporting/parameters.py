"""Parameters of the reporting pipeline."""

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.pipelines.reporting.words import RunWords


class SurveyParameters(StrictModel):
    """What a survey of cells that nobody has looked at may cost, and what it is for."""

    budget_km2: float = Field(default=100_000.0, gt=0, description="imagery that can be looked at")
    min_image_km2: float = Field(default=100.0, gt=0, description="what the smallest image costs")
    find_value_bits: float = Field(default=1.0, ge=0, description="worth of a cell with slumps, beside information")
    range_km: float = Field(default=100.0, ge=0, description="at which neighbours tell different things; 0 for none")
    outside_spread: float = Field(
        default=1.23,
        ge=1,
        description="how many times wider the spread is where the map is not applicable",
    )


class ReportingParameters(RunWords):
    """What the run is called, what it claims, and how coarse its overviews are."""

    year_names: dict[int, str] = Field(description="what to call label years that stand for a longer period")
    institution: str | None = Field(
        default=None, min_length=1, description="who answers for the data, in the NetCDF file; null: not stated"
    )
    overview_pixel_size_m: float = Field(
        ge=1000.0, description="pixel edge of the overview rasters and of the NetCDF file (m)"
    )
    survey: SurveyParameters = SurveyParameters()
    n_bayes_limit_draws: int = Field(ge=10, description="Monte Carlo draws of the attainable limit")
