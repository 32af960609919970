"""Days that files are fetched of."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel

Day = Annotated[date, Field(strict=False)]


class Period(StrictModel):
    """From one day to another, both included."""

    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day must not lie before first_day")
        return self
