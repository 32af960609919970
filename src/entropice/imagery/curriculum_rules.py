"""How many negative tiles come on a positive one, as parameters say."""

from typing import Annotated, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from entropice.base_model import StrictModel


class Phase(StrictModel):
    """Epochs up to one, and their ratio."""

    last_epoch: PositiveInt
    ratio: PositiveFloat = Field(description="negative tiles for each positive one")


class Curriculum(StrictModel):
    """Ratios by epoch; one phase is a fixed ratio."""

    phases: Annotated[tuple[Phase, ...], Field(strict=False, min_length=1)]
    ramp_epochs: int = Field(ge=0, description="over which one ratio becomes the next, linearly; 0: at once")

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        last = [phase.last_epoch for phase in self.phases]
        if last != sorted(set(last)):
            raise ValueError(f"phases must end one after the other: {last}")
        return self
