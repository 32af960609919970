"""All that a run of tasks of imagery tells, once: report, model cards and manifest are made of it and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final

import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.map_layers import MapLayer
from entropice.imagery.panels import Panel
from entropice.report.about import About
from entropice.report.image_run.audited import ShownAudit, shown_audit
from entropice.report.image_run.card_facts import CardFacts, card_facts
from entropice.report.image_run.datasets import OF_A_TASK
from entropice.report.image_run.inventory import ShownInventory, shown_inventory
from entropice.report.image_run.layer_files import require_layers
from entropice.report.image_run.outlook import ShownOutlook, shown_outlook
from entropice.report.kind_texts import KindScoreText, KindTexts
from entropice.report.origin import Origin
from entropice.report.texts import Text, in_reading_order
from entropice.types import DataFrame

SCORES: Final = "scores"
COLUMNS: Final = (
    "model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n",
)  # fmt: skip


@dataclass(frozen=True)
class TaskWords(Text):
    """What a task is called in front of readers.

    Attributes
    ----------
    name
        The namespace of its datasets.
    kind, kind_title
        What is asked of an image.
    source, source_title
        Where the images come from.
    texts
        Models and scores of the kind.
    """

    kind: str
    kind_title: str
    source: str
    source_title: str
    texts: KindTexts


@dataclass(frozen=True)
class TaskFacts:
    """What the scores of a task are called.

    Attributes
    ----------
    model_titles, score_titles
        By name, in the readers' order; a score's title tells its unit.
    """

    noun: ClassVar[str] = "task"
    table_titles: ClassVar[Mapping[str, str]] = {SCORES: "Scores"}

    model_titles: Mapping[str, str]
    score_titles: Mapping[str, str]

    def filled(self, text: str) -> str:
        """The text as it is: names stand in no braces here."""
        return text


@dataclass(frozen=True, eq=False)
class ImageTask:
    """What one task has found out.

    Attributes
    ----------
    models, scores
        Those that its table of scores names, in the readers' order.
    score_table
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``; where ``compared_with`` names a
        model, the score of that model is taken from the other in the same blocks.
    parameters
        That decide what it has learned, as plain values.
    inventory
        What was found in whole regions; None where nobody has looked.
    audit
        Scores as an audit of labels corrects them; None where there was none.
    outlook
        Years to come, whose layers and scores stand among the task's own, too; None where none were asked for.
    """

    words: TaskWords
    models: tuple[Text, ...]
    scores: tuple[KindScoreText, ...]
    score_table: DataFrame
    layers: tuple[MapLayer, ...]
    panel: Panel
    card: CardFacts
    parameters: Mapping[str, Any]
    inventory: ShownInventory | None
    audit: ShownAudit | None
    outlook: ShownOutlook | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.words.name

    @cached_property
    def facts(self) -> TaskFacts:
        """What models and scores are called: titles by name, those of scores with their unit."""
        return TaskFacts(
            {model.name: model.title for model in self.models},
            {score.name: with_unit(score.title, score.unit) for score in self.scores},
        )

    def frame(self, table: str) -> DataFrame:  # noqa: ARG002 - there is one
        """The rows of its scores, with their columns, whatever table is asked for: there is one."""
        return self.score_table


@dataclass(frozen=True, eq=False)
class ImageRun:
    """The content of a run: what it is called, what it follows from, and what each task has found out."""

    about: About
    origin: Origin
    tasks: tuple[ImageTask, ...]


def with_unit(title: str, unit: str) -> str:
    """A title with its unit, if it has one.

    Examples
    --------
    >>> with_unit("Mean error", "km"), with_unit("IoU", "1")
    ('Mean error (km)', 'IoU')
    """
    return title if unit == "1" else f"{title} ({unit})"


def build_run(about: About, origin: Origin, tasks: Sequence[TaskWords], datasets: Mapping[str, Any]) -> ImageRun:
    """Bring the datasets of tasks together, called ``<task>.<name>`` for each name of `datasets_of_a_task`.

    Scores and layers of an outlook are added to those of its task, its layers first.

    Raises
    ------
    SchemaError
        Scores or audited ones lack a column, facts of a model card are missing, or a layer can't be a file.
    KeyError
        A dataset of a task is missing.
    """
    return ImageRun(about, origin, tuple(_task(words, origin, datasets) for words in tasks))


def _task(words: TaskWords, origin: Origin, datasets: Mapping[str, Any]) -> ImageTask:
    scores, layers, panel, facts = (datasets[f"{words.name}.{name}"] for name in OF_A_TASK)
    _require_columns(scores, words.name)
    outlook = shown_outlook(words.name, datasets)
    if outlook is not None:
        scores, layers = pd.concat([scores, outlook.scores], ignore_index=True), [*outlook.layers, *layers]
    require_layers(layers)
    return ImageTask(
        words=words,
        models=in_reading_order(words.texts.models, _models(scores), Text),
        scores=in_reading_order(words.texts.scores, scores["score"], lambda name, title: KindScoreText(name, title, 1)),
        score_table=scores[list(COLUMNS)].reset_index(drop=True),
        layers=tuple(layers),
        panel=panel,
        card=card_facts(facts, words.name),
        parameters=origin.parameters.get("tasks", {}).get(words.name, {}),
        inventory=shown_inventory(words.name, datasets),
        audit=shown_audit(words.name, datasets),
        outlook=outlook,
    )


def _models(scores: DataFrame) -> list[str]:
    return [*scores["model"], *scores["compared_with"].dropna()]


def _require_columns(scores: DataFrame, task: str) -> None:
    missing = [name for name in COLUMNS if name not in scores]
    if missing or scores.empty:
        raise SchemaError(
            "A table of scores is not usable.",
            field=f"{task}.task_scores",
            got="no rows" if not missing else f"no {', '.join(missing)}",
            expected=f"rows with {' '.join(COLUMNS)}",
        )
