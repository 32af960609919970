"""Losses by name, each with its parameters, and their sums.

Parameters are checked with these names before a run begins, so torch is imported where a loss is made alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, ValidationError

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion
from entropice.networks.architecture import Kind

if TYPE_CHECKING:
    from torch import Tensor

    from entropice.networks.losses import Loss


def weights_of_classes(weights: str | Sequence[float], n_of_class: Sequence[int]) -> tuple[float, ...]:
    """Weights of classes, given or from how many training images each has.

    ``equal`` is 1 for each; ``balanced`` is n / (m nₖ) for class k of m, as in scikit-learn: all classes
    together weigh the same, and an image's expected weight is 1.

    Raises
    ------
    ConfigError
        There are more or fewer weights than classes, or a class that is to be balanced has no image.
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
        """What the loss is given, by its parameters and what is known of the training samples."""
        return self.model_dump()


class FocalParameters(LossModel):
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
        """A weight for each class; ``n_of_class`` of the facts says how many training images each has."""
        return {"weights": weights_of_classes(self.weights, facts["n_of_class"])}


class HuberParameters(LossModel):
    """Difference, in standard deviations, from which on it counts by itself and no longer by its square."""

    delta: PositiveFloat = 1.0


class CrossEntropyParameters(LossModel):
    """Weight of the positives where that of the negatives is 1."""

    positive_weight: PositiveFloat = 1.0


@dataclass(frozen=True)
class LossKind:
    """One loss.

    Attributes
    ----------
    name, title
        In parameters and records, and of its function in `entropice.networks.losses`; for people.
    parameters
        What that function is given beside outputs, target and scored.
    kinds
        Of the networks that can learn by it.
    """

    name: str
    title: str
    parameters: type[LossModel]
    kinds: tuple[Kind, ...] = ("mask", "change")


LOSSES: Final[tuple[LossKind, ...]] = (
    LossKind("focal", "Focal", FocalParameters),
    LossKind("tversky", "Tversky", TverskyParameters),
    LossKind("dice", "Dice", DiceParameters),
    LossKind("balanced_cross_entropy", "Class-balanced cross-entropy", BalancedParameters),
    LossKind("cross_entropy", "Cross-entropy", CrossEntropyParameters),
    LossKind("class_cross_entropy", "Cross-entropy of weighted classes", ClassParameters, ("class",)),
    LossKind("mean_squared_error", "Mean squared error", LossModel, ("frames",)),
    LossKind("mean_absolute_error", "Mean absolute error", LossModel, ("frames",)),
    LossKind("huber", "Huber", HuberParameters, ("frames",)),
)


@dataclass(frozen=True)
class LossTerm:
    """One part of a sum of losses: its name, its weight in the sum, and its parameters where they are not the usual."""

    name: str
    weight: float = 1.0
    parameters: Mapping[str, Any] | None = None


def loss_of(terms: Sequence[LossTerm], kind: Kind = "mask", facts: Mapping[str, Any] | None = None) -> "Loss":
    """The weighted sum of losses.

    Parameters
    ----------
    kind
        Of the network that learns by it.
    facts
        What is known of the training samples by the names that losses ask for: ``n_of_class``, how many there are of
        each class.

    Raises
    ------
    ConfigError
        There is no term, no such loss, a parameter is not what it may be or does not go with the facts, or networks of
        this kind can't learn by it.
    """
    if not terms:
        known = [loss.name for loss in LOSSES if kind in loss.kinds]
        raise ConfigError("Training needs a loss.", field="loss", got="none", expected=", ".join(known))
    functions = [(term.weight, _function(term, kind, facts or {})) for term in terms]

    def total(outputs: "Tensor", target: "Tensor", scored: "Tensor") -> "Tensor":
        first, *others = (weight * function(outputs, target, scored) for weight, function in functions)
        return sum(others, start=first)

    return total


def require_learnable(loss: LossKind, kind: Kind) -> None:
    """Pass only a loss that networks of a kind can learn by.

    Raises
    ------
    ConfigError
        They cannot.
    """
    if kind not in loss.kinds:
        raise ConfigError(
            f"{loss.title} is no loss of networks that answer with {kind}.",
            field="loss",
            got=loss.name,
            expected=", ".join(other.name for other in LOSSES if kind in other.kinds),
        )


_BY_NAME: Final = {kind.name: kind for kind in LOSSES}


def loss_named(name: str) -> LossKind:
    """The declared loss of a name.

    Raises
    ------
    ConfigError
        There is none.
    """
    if name not in _BY_NAME:
        raise ConfigError(
            f"There is no loss {name!r}{suggestion(name, _BY_NAME)}",
            field="loss",
            got=name,
            expected=", ".join(_BY_NAME),
        )
    return _BY_NAME[name]


def _function(term: LossTerm, kind: Kind, facts: Mapping[str, Any]) -> "Loss":
    from entropice.networks import losses

    loss = loss_named(term.name)
    require_learnable(loss, kind)
    try:
        parameters = loss.parameters(**(term.parameters or {}))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"{loss.title} has no such parameter, or none of this value: {first['msg']}",
            field=f"loss.{loss.name}.{'.'.join(map(str, first['loc']))}",
            got=first["input"],
            expected=", ".join(loss.parameters.model_fields),
        ) from error
    return partial(getattr(losses, loss.name), **parameters.arguments(facts))
