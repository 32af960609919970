"""How predictions of one image are averaged, as parameters say."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from entropice.base_model import StrictModel


class InferenceAugmentationRules(StrictModel):
    """Over which looks at an image predictions are averaged: test-time augmentation."""

    n_symmetries: Literal[1, 2, 4, 8] = Field(description="ways to lay the image on itself; 1 for none but itself")
    resolutions: Annotated[tuple[PositiveInt, ...], Field(strict=False, min_length=1)] = Field(
        description="edges of the pixels seen, in pixels of the image, 1 among them"
    )
    averaged: str = Field(description="what is averaged: a name of entropice.imagery.inference_augmentation")
