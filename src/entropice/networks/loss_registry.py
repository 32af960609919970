"""Losses by name, each with what it needs, and their sums.

Parameters are checked with these names before a run begins, so torch is imported where a loss is made alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import ValidationError

from entropice.errors import ConfigError, suggestion
from entropice.networks.architecture import Kind
from entropice.networks.loss_parameters import (
    BalancedParameters,
    BoundaryParameters,
    ClassParameters,
    CrossEntropyParameters,
    DiceParameters,
    FocalParameters,
    HuberParameters,
    LossModel,
    TverskyParameters,
)

if TYPE_CHECKING:
    from torch import Tensor

    from entropice.networks.losses import Loss


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
    learns_from
        What its target says: what is there, or how far from its edge a pixel lies, in pixels and negative inside.
    """

    name: str
    title: str
    parameters: type[LossModel]
    kinds: tuple[Kind, ...] = ("mask", "change")
    learns_from: Literal["labels", "distances"] = "labels"

    @property
    def needs_distances(self) -> bool:
        """Whether its target are distances, in pixels, and not labels."""
        return self.learns_from == "distances"


LOSSES: Final[tuple[LossKind, ...]] = (
    LossKind("focal", "Focal", FocalParameters),
    LossKind("tversky", "Tversky", TverskyParameters),
    LossKind("dice", "Dice", DiceParameters),
    LossKind("lovasz", "Lovász hinge", LossModel),
    LossKind("boundary", "Boundary", BoundaryParameters, ("mask",), "distances"),
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

    Where one of them needs distances, the target has two planes on its second dimension, labels and distances, and
    each loss is given its own.

    What is given is a function of outputs, target and scored (`entropice.networks.losses.Loss`): Σ wᵢ Lᵢ, one number.

    Parameters
    ----------
    kind
        Of the network that learns by it.
    facts
        What is known of the training samples by the names that losses ask for: ``n_of_class``, how many there are of
        each class.
    terms
        Losses with their weights, which need not sum to 1; a name may come twice.

    Raises
    ------
    ConfigError
        There is no term, no such loss, a parameter is not what it may be or does not go with the facts, or networks of
        this kind can't learn by it.

    Examples
    --------
    Cross-entropy is log 2 and Dice .5 of logits 0 against one positive and one negative.

    >>> import torch
    >>> loss = loss_of([LossTerm("cross_entropy", 2.0), LossTerm("dice", 1.0, {"smooth": 0.0})])
    >>> round(float(loss(torch.zeros(1, 2), torch.tensor([[1, 0]]), torch.tensor([[True, True]]))), 3)
    1.886
    """
    if not terms:
        known = [loss.name for loss in LOSSES if kind in loss.kinds]
        raise ConfigError("Training needs a loss.", field="loss", got="none", expected=", ".join(known))
    parts = [(term.weight, _function(term, kind, facts or {}), loss_named(term.name).learns_from) for term in terms]
    has_distances = need_distances(term.name for term in terms)

    def total(outputs: "Tensor", target: "Tensor", scored: "Tensor") -> "Tensor":
        labels, distances = target.unbind(1) if has_distances else (target, target)
        planes = {"labels": labels, "distances": distances}
        # Summed from the first one on, not from 0: in the order of the terms, as a tensor.
        first, *others = (weight * function(outputs, planes[plane], scored) for weight, function, plane in parts)
        return sum(others, start=first)

    return total


def need_distances(names: Iterable[str]) -> bool:
    """Whether one of these losses needs the distance of each pixel from the edge of the truth.

    Raises
    ------
    ConfigError
        A name is of no loss.

    Examples
    --------
    >>> need_distances(["focal", "boundary"]), need_distances(["focal"]), need_distances([])
    (True, False, False)
    """
    return any(loss_named(name).needs_distances for name in names)


def require_learnable(loss: LossKind, kind: Kind) -> None:
    """Pass only a loss that networks of a kind can learn by.

    Losses that they can learn by are told.

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

    It is the entry of `LOSSES`.

    Raises
    ------
    ConfigError
        There is none.

    Examples
    --------
    >>> loss_named("huber").kinds, loss_named("boundary").learns_from
    (('frames',), 'distances')
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
    # A closed registry: only declared names reach getattr.
    return partial(getattr(losses, loss.name), **parameters.arguments(facts))
