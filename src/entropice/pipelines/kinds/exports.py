"""What of a task leaves under published names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.exports.ice_pipeline_data import Part


@dataclass(frozen=True)
class Exports:
    """How a kind exports its tasks.

    Attributes
    ----------
    datasets
        Names of those that its networks and samples are made of; ``network``, ``statistics`` and ``card_facts`` are
        among them.
    says
        What comes out of a network, as a sentence.
    values
        Plain values in the file of a network beside its weights, of the task's parameters.
    samples
        Samples of a task, of its parameters and of its datasets by name.
    """

    datasets: tuple[str, ...]
    says: str
    values: Callable[[Any], Mapping[str, Any]]
    samples: "Callable[[Any, Mapping[str, Any]], Part]"
