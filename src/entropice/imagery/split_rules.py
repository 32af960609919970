"""How tiles are dealt into training, validation and test, as parameters say."""

import math
from typing import Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel


class SplitRules(StrictModel):
    """How tiles are dealt into training, validation and test."""

    block_level: int = Field(ge=0, description="level of the parent cells whose tiles stay together")
    buffer_m: float = Field(
        ge=0, description="tiles nearer than this (m on the ground) to ground of another split are left out"
    )
    train: float = Field(gt=0, lt=1, description="expected share of the blocks to learn from")
    validation: float = Field(gt=0, lt=1, description="expected share of the blocks to choose with")
    test: float = Field(gt=0, lt=1, description="expected share of the blocks that the last score is computed on")

    @model_validator(mode="after")
    def _check_shares(self) -> Self:
        if not math.isclose(sum(self.shares.values()), 1.0):
            raise ValueError(f"train, validation and test must sum to 1, got {sum(self.shares.values()):g}")
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Expected share of the blocks by split.

        In the order train, validation, test, which `entropice.imagery.splits.split_of_block` goes by; they sum to 1.
        """
        return {"train": self.train, "validation": self.validation, "test": self.test}
