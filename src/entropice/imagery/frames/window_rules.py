"""Which sequences are cut from fields, and how they are dealt into parts, as parameters say."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from entropice.base_model import StrictModel
from entropice.imagery.split_rules import SplitRules


class WindowRules(StrictModel):
    """Size and number of the sequences to learn from."""

    n_pixels: PositiveInt = Field(description="along an edge of the ground that one sequence shows")
    stride_px: PositiveInt = Field(description="from one such ground to the next")
    every_steps: PositiveInt = Field(description="steps from the beginning of one sequence to that of the next")
    n_windows: PositiveInt | None = Field(description="sequences drawn from all that there are, at most; null: all")
    n_frames_in: PositiveInt = Field(description="steps that a forecast is made from")
    forecast_horizon: PositiveInt = Field(description="steps that a network says at once")
    future_horizons: PositiveInt = Field(description="steps that are forecast and judged, rolled out where they exceed")
    min_known: float = Field(
        gt=0, le=1, description="share of the ground whose target is known at the last input and the first horizon"
    )

    @model_validator(mode="after")
    def _check_horizons(self) -> Self:
        if self.future_horizons < self.forecast_horizon:
            raise ValueError("future_horizons must not be less than forecast_horizon")
        return self


class WindowSplitRules(StrictModel):
    """How target steps of sequences are dealt into training, validation and tests in space and in time."""

    space: SplitRules | None = Field(description="how ground is dealt; null: one ground for all")
    n_later_steps: PositiveInt = Field(description="last steps, which no training and no validation has as target")
    n_validated_steps: int = Field(
        ge=0, description="steps before them to choose with; 0 where other ground is there to choose with"
    )
    gap_steps: int = Field(ge=0, description="steps between these parts that are no target of any")
    block_level: int = Field(ge=0, description="level of the parent cells that are drawn for intervals")
    block_steps: PositiveInt = Field(description="steps in a row that are drawn together for intervals")

    @model_validator(mode="after")
    def _check_validation(self) -> Self:
        if (self.space is None) != (self.n_validated_steps > 0):
            raise ValueError("either space has a part to choose with, or n_validated_steps is above 0: not both")
        return self
