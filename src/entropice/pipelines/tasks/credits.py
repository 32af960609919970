"""Whom to name for the images that tasks learn from."""

from collections.abc import Mapping

from entropice.pipelines.tasks.parameters import TaskSections
from entropice.pipelines.tasks.task import Task


def image_credits(tasks: Mapping[str, Task], sections: TaskSections) -> tuple[str, ...]:
    """Credit and terms of what each task's section takes from its source, each once; of synthetic images that.

    In the order of the tasks and of their licences; a source that declares no licence adds none.
    """
    licences = [
        licence
        for name, task in tasks.items()
        for licence in task.image_source.licences_under(_of_source(sections, name, task))
    ]
    return tuple(dict.fromkeys(licence.attribution for licence in licences))


def _of_source(sections: TaskSections, name: str, task: Task) -> object:
    return getattr(getattr(sections, name, None), task.image_source.name, None)
