"""What of a task leaves under published names, by layout."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.exports.ice_pipeline_data import Part
    from entropice.types import DataFrame


@dataclass(frozen=True)
class Exports:
    """How a kind exports its tasks as the published ice pipeline does.

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


@dataclass(frozen=True)
class CardExports:
    """How a kind exports its tasks as a model card does.

    Attributes
    ----------
    datasets
        Names of those that its files are made of; ``network`` and ``statistics`` are among them.
    metric
        Name of the measure of the validation by which checkpoints are called.
    tables, documents
        Below ``diagnostics``, by stem, of a task's datasets by name.
    limitations
        Sentences, of the task's parameters and of its datasets by name.
    """

    datasets: tuple[str, ...]
    metric: str
    tables: "Callable[[Mapping[str, Any]], Mapping[str, DataFrame]]"
    documents: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    limitations: Callable[[Any, Mapping[str, Any]], Sequence[str]]
