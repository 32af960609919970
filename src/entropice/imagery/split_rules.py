"""How tiles are split, as parameters say."""

from typing import Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel


class SplitRules(StrictModel):
    """Blocks of ground that belong to one split in all years, and how far apart splits are."""

    block_level: dict[str, int] = Field(description="level of the parent cells that are blocks, by name of the grid")
    validation_share: float = Field(gt=0, lt=1, description="of the blocks, which choose epoch and threshold")
    test_share: float = Field(gt=0, lt=1, description="of the blocks, which judge")
    buffer_m: float = Field(ge=0, description="least distance between tiles of different splits")

    @model_validator(mode="after")
    def _leaves_something_to_learn_from(self) -> Self:
        if self.validation_share + self.test_share >= 1:
            raise ValueError("validation_share and test_share leave no block to learn from")
        return self
