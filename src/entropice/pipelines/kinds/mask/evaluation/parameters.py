"""Parameters of how a network is judged."""

from typing import Annotated, Final

from pydantic import Field, PositiveFloat, PositiveInt

from entropice.base_model import StrictModel
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.inference_augmentation_rules import InferenceAugmentationRules
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.rivals import DEFAULT_RIVALS, RIVALS
from entropice.imagery.threshold_rules import RULES
from entropice.pipelines.tasks.names import one_of

RivalName = Annotated[str, one_of("rival", (rival.name for rival in RIVALS))]

NETWORK: Final = "network"
"""What the trained network is called beside its rivals."""


class EvaluationParameters(StrictModel):
    """At which ratios, and how many draws give the intervals."""

    ratios: Annotated[tuple[PositiveFloat, ...], Field(strict=False, min_length=1)] = Field(
        description="negative pixels for each positive one"
    )
    calibrated_at: PositiveFloat = Field(description="the ratio at which logits are calibrated on the validation tiles")
    threshold: Annotated[str, one_of("rule for thresholds", (rule.name for rule in RULES))] = Field(
        description="rule by which pixels are chosen"
    )
    batch_size: PositiveInt
    n_bootstrap: PositiveInt
    rivals: Annotated[tuple[RivalName, ...], Field(strict=False)] = Field(
        default=DEFAULT_RIVALS, description="models that the network is judged beside"
    )
    n_rival_tiles: PositiveInt = Field(description="training tiles that pixel models learn from, at most")
    n_rival_pixels: PositiveInt = Field(description="pixels of each class that they take from a tile, at most")
    test_time: InferenceAugmentationRules
    objects: ObjectRules
    drift: DriftRules
