"""Parameters of how a network is judged."""

from typing import Annotated, Final

from pydantic import Field, PositiveFloat, PositiveInt

from entropice.base_model import StrictModel
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.inference_augmentation_rules import InferenceAugmentationRules
from entropice.imagery.object_rules import ObjectRules

NETWORK: Final = "network"
"""What the trained network is called beside its rivals."""


class EvaluationParameters(StrictModel):
    """At which ratios, and how many draws give the intervals."""

    ratios: Annotated[tuple[PositiveFloat, ...], Field(strict=False, min_length=1)] = Field(
        description="negative pixels for each positive one"
    )
    calibrated_at: PositiveFloat = Field(description="the ratio at which logits are calibrated on the validation tiles")
    threshold: str = Field(description="rule by which pixels are chosen: a name of entropice.imagery.thresholds")
    batch_size: PositiveInt
    n_bootstrap: PositiveInt
    n_rival_tiles: PositiveInt = Field(description="training tiles that pixel models learn from, at most")
    n_rival_pixels: PositiveInt = Field(description="pixels of each class that they take from a tile, at most")
    test_time: InferenceAugmentationRules
    objects: ObjectRules
    drift: DriftRules
