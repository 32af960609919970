"""How many negative tiles a network sees for each positive one, as parameters say."""

from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel


class CurriculumPhase(StrictModel):
    """Epochs with one ratio."""

    last_epoch: int = Field(ge=1, description="last of its epochs, counted from 1")
    negatives_per_positive: float = Field(gt=0, description="tiles without for each tile with something to find")


class CurriculumRules(StrictModel):
    """A ratio by epoch; one phase is a fixed ratio."""

    phases: list[CurriculumPhase] = Field(min_length=1, description="one after another; the last one goes on")
    ramp_epochs: int = Field(ge=0, description="first epochs of a phase, over which the ratio changes linearly")

    @model_validator(mode="after")
    def _check_epochs(self) -> Self:
        ends = [0, *(phase.last_epoch for phase in self.phases)]
        shortest = min(end - begin for begin, end in pairwise(ends))
        if shortest < 1:
            raise ValueError(f"last_epoch must rise from phase to phase, got {ends[1:]}")
        if len(self.phases) > 1 and self.ramp_epochs > shortest:
            raise ValueError(f"ramp_epochs must not exceed the shortest phase, {shortest} epochs")
        return self
