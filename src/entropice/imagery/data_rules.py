"""What data must be like before a network learns from them, as parameters say."""

from typing import Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel


class DataRules(StrictModel):
    """What data must be like before a network learns from them."""

    min_prevalence: float = Field(ge=0, le=1, description="lowest share of scored targets that are positive, any split")
    max_prevalence: float = Field(ge=0, le=1, description="highest share of scored targets that are positive")
    max_hidden_share: float = Field(
        ge=0, le=1, description="highest share of the tiles with something positive in which none of it is scored"
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.min_prevalence > self.max_prevalence:
            raise ValueError("min_prevalence must not exceed max_prevalence")
        return self
