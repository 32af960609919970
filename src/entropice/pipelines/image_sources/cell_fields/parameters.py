"""Parameters of a climate whose law is known."""

from pydantic import Field

from entropice.base_model import StrictModel


class LawParameters(StrictModel):
    """What someone forecasts who knows the law."""

    n_draws: int = Field(ge=2, description="courses of the climate that are drawn from each year on")
