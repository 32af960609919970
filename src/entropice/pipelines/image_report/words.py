"""What tasks are called in front of readers, from where each is declared."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.report.image_run.content import TaskWords


def task_words(tasks: Mapping[str, Mapping[str, Any]]) -> "tuple[TaskWords, ...]":
    """The words of tasks, as the composition declares them by name: kind, source, and what the kind calls things.

    Entries of `tasks` are plain values as in ``composition.yml``; words are in their order. A task is called by its
    name, blanks in place of underscores.

    Raises
    ------
    ValueError
        An entry names no kind of answer, or no source of images.
    """
    return tuple(_words(name, entry) for name, entry in tasks.items())


def _words(name: str, entry: Mapping[str, Any]) -> "TaskWords":
    from entropice.pipelines.kinds.registry import KINDS
    from entropice.pipelines.tasks.task import Task
    from entropice.report.image_run.content import TaskWords

    task = Task.model_validate(entry)
    kind = next(kind for kind in KINDS if kind.name == task.kind)
    return TaskWords(
        name=name,
        title=name.replace("_", " ").capitalize(),
        kind=kind.name,
        kind_title=kind.title,
        source=task.source,
        source_title=task.image_source.title,
        texts=kind.texts(),
    )
