"""Losses by name, each with its parameters, and their sums.

Parameters are checked with these names before a run begins, so torch is imported where a loss is made alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, ValidationError

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion

if TYPE_CHECKING:
    from torch import Tensor

    from entropice.networks.losses import Loss


class FocalParameters(StrictModel):
    """Exponent γ that hushes pixels that are right already, and weight α of the positives."""

    gamma: NonNegativeFloat = 2.0
    alpha: float = Field(0.25, ge=0, le=1)


class TverskyParameters(StrictModel):
    """What a missed and a wrongly found pixel cost, and what is added to both parts of the fraction."""

    fn_weight: NonNegativeFloat = 0.7
    fp_weight: NonNegativeFloat = 0.3
    smooth: NonNegativeFloat = 1.0


class DiceParameters(StrictModel):
    """What is added to both parts of the fraction."""

    smooth: NonNegativeFloat = 1.0


class BalancedParameters(StrictModel):
    """Share of positives among the pixels that are trained on, and how weights follow from it."""

    positive_share: float = Field(gt=0, lt=1)
    balance: Literal["linear", "sqrt", "log"] = "sqrt"


class CrossEntropyParameters(StrictModel):
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
        What that function is given beside logits, target and scored.
    """

    name: str
    title: str
    parameters: type[StrictModel]


LOSSES: Final[tuple[LossKind, ...]] = (
    LossKind("focal", "Focal", FocalParameters),
    LossKind("tversky", "Tversky", TverskyParameters),
    LossKind("dice", "Dice", DiceParameters),
    LossKind("balanced_cross_entropy", "Class-balanced cross-entropy", BalancedParameters),
    LossKind("cross_entropy", "Cross-entropy", CrossEntropyParameters),
)


@dataclass(frozen=True)
class LossTerm:
    """One part of a sum of losses: its name, its weight in the sum, and its parameters where they are not the usual."""

    name: str
    weight: float = 1.0
    parameters: Mapping[str, Any] | None = None


def loss_of(terms: Sequence[LossTerm]) -> "Loss":
    """The weighted sum of losses.

    Raises
    ------
    ConfigError
        There is no term, no such loss, or a parameter is not what it may be.
    """
    if not terms:
        raise ConfigError("Training needs a loss.", field="loss", got="none", expected=", ".join(_BY_NAME))
    functions = [(term.weight, _function(term)) for term in terms]

    def total(logits: "Tensor", target: "Tensor", scored: "Tensor") -> "Tensor":
        first, *others = (weight * function(logits, target, scored) for weight, function in functions)
        return sum(others, start=first)

    return total


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


def _function(term: LossTerm) -> "Loss":
    from entropice.networks import losses

    kind = loss_named(term.name)
    try:
        parameters = kind.parameters(**(term.parameters or {}))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"{kind.title} has no such parameter, or none of this value: {first['msg']}",
            field=f"loss.{kind.name}.{'.'.join(map(str, first['loc']))}",
            got=first["input"],
            expected=", ".join(kind.parameters.model_fields),
        ) from error
    return partial(getattr(losses, kind.name), **parameters.model_dump())
