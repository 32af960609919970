"""Parameters of losses, each a model of its own."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat

from entropice.base_model import StrictModel
from entropice.errors import ConfigError


def weights_of_classes(weights: str | Sequence[float], n_of_class: Sequence[int]) -> tuple[float, ...]:
    """Weights of classes, given or from how many training images each has.

    ``equal`` is 1 for each; ``balanced`` is n / (m nₖ) for class k of m, as in scikit-learn: all classes
    together weigh the same, and an image's expected weight is 1.

    Parameters
    ----------
    weights
        ``equal``, ``balanced``, or a number for each class, which is given back as float.
    n_of_class
        Training images of each class, in the order of the classes.

    Raises
    ------
    ConfigError
        There are more or fewer weights than classes, or a class that is to be balanced has no image.

    Examples
    --------
    >>> weights_of_classes("balanced", [10, 10, 40, 20]), weights_of_classes("equal", [30, 0])
    ((2.0, 2.0, 0.5, 1.0), (1.0, 1.0))
    """
    if weights == "equal":
        return (1.0,) * len(n_of_class)
    if weights == "balanced":
        if min(n_of_class) == 0:
            raise ConfigError(
                "Classes can't be balanced where one has no training image.",
                field="loss.class_cross_entropy.weights",
                got=list(n_of_class),
                expected="an image of each class",
                fix="add images of it, leave the class out, or name the weights",
            )
        return tuple(sum(n_of_class) / (len(n_of_class) * n) for n in n_of_class)
    given = tuple(float(weight) for weight in weights)
    if len(given) != len(n_of_class):
        raise ConfigError(
            "Every class has a weight.",
            field="loss.class_cross_entropy.weights",
            got=list(given),
            expected=f"{len(n_of_class)} numbers",
        )
    return given


class LossModel(StrictModel):
    """Parameters of a loss without any; base of all others."""

    def arguments(self, _facts: Mapping[str, Any]) -> dict[str, Any]:
        """What the loss is given, by its parameters and what is known of the training samples.

        A copy of its fields by name; facts change nothing.
        """
        return self.model_dump()


class PixelwiseParameters(LossModel):
    """Which of the scored pixels of a batch a mean is taken over: the hardest ones, by default all."""

    hardest_share: float = Field(1.0, gt=0, le=1)
    least_pixels: NonNegativeInt = 0


class FocalParameters(PixelwiseParameters):
    """Exponent γ that hushes pixels that are right already, and weight α of the positives."""

    gamma: NonNegativeFloat = 2.0
    alpha: float = Field(0.25, ge=0, le=1)


class TverskyParameters(LossModel):
    """What a missed and a wrongly found pixel cost, and what is added to both parts of the fraction."""

    fn_weight: NonNegativeFloat = 0.7
    fp_weight: NonNegativeFloat = 0.3
    smooth: NonNegativeFloat = 1.0


class DiceParameters(LossModel):
    """What is added to both parts of the fraction."""

    smooth: NonNegativeFloat = 1.0


class BalancedParameters(LossModel):
    """Share of positives among the pixels that are trained on, and how weights follow from it."""

    positive_share: float = Field(gt=0, lt=1)
    balance: Literal["linear", "sqrt", "log"] = "sqrt"


class ClassParameters(LossModel):
    """Weights of classes: ``balanced`` by how many training images each has, ``equal``, or a number for each."""

    weights: Literal["balanced", "equal"] | Annotated[tuple[PositiveFloat, ...], Field(strict=False, min_length=2)] = (
        "balanced"
    )

    def arguments(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """A weight for each class; ``n_of_class`` of the facts says how many training images each has.

        The one key is ``weights``, a tuple of floats in the order of the classes.

        Raises
        ------
        ConfigError
            There are more or fewer weights than classes, or a class that is to be balanced has no image.
        KeyError
            The facts do not say ``n_of_class``.
        """
        return {"weights": weights_of_classes(self.weights, facts["n_of_class"])}


class HuberParameters(LossModel):
    """Difference, in standard deviations, from which on it counts by itself and no longer by its square."""

    delta: PositiveFloat = 1.0


class CrossEntropyParameters(PixelwiseParameters):
    """Weight of the positives where that of the negatives is 1."""

    positive_weight: PositiveFloat = 1.0


class BoundaryParameters(LossModel):
    """Distance from the truth's edge, in pixels, beyond which all pixels weigh alike, and that distances are told in.

    Distances are kept up to `entropice.imagery.distances.REACH_PX`.
    """

    reach_px: float = Field(20.0, gt=0, le=64)
