"""What a network can be asked of images: all that the house knows of one kind of answers, in one declaration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entropice.pipelines.kinds.exports import CardExports, Exports
from entropice.pipelines.step_cost import Images, Learned
from entropice.pipelines.tasks.rules import TaskRules

if TYPE_CHECKING:
    from kedro.pipeline import Node

    from entropice.pipelines.tasks.task import Task
    from entropice.report.kind_texts import KindTexts

Steps = Callable[["Task"], Sequence["Node"]]
"""Steps of a task, with datasets named as in its namespace."""


@dataclass(frozen=True)
class Kind:
    """One kind of answers.

    Attributes
    ----------
    name
        As ``composition.yml`` names it.
    title
        How people call it.
    parameters
        Model of a task's section below ``tasks``, but for what its source of images adds.
    samples
        Steps from images to what is learned from: they end in ``splits``, ``statistics`` and ``data_check``.
    training
        Steps that end in ``network``.
    evaluation
        Steps that judge the network beside its rivals: they end in ``task_scores``.
    layers
        Steps that end in what map and report show: ``map_layers``, ``panel`` and ``card_facts``.
    learned
        How many images a network sees before a run, from the section of a task and what its source gives.
    texts
        What models and scores are called.
    exports
        What leaves as the published ice pipeline has it; None where nothing of the kind was published so.
    card_exports
        What leaves as a model card has it; None likewise.
    """

    name: str
    title: str
    parameters: type[TaskRules]
    samples: Steps
    training: Steps
    evaluation: Steps
    layers: Steps
    learned: Callable[[Any, Images], Learned]
    texts: "Callable[[], KindTexts]"
    exports: Exports | None
    card_exports: CardExports | None = None
