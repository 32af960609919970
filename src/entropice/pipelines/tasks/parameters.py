"""Parameters of tasks: each has its section below ``tasks``, and its kind and source say what stands there."""

from typing import Any

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.pipelines.tasks.rules import TaskRules
from entropice.pipelines.tasks.task import Task


class TaskSections(StrictModel):
    """No tasks."""


def section_of(task: Task) -> type[TaskRules]:
    """Model of the section of a task: what its kind asks for, and a part of the name of its source.

    The source's part is left out where it has no parameters. Each call makes a class anew.

    Raises
    ------
    ValueError
        The task names no kind or source that there is.
    """
    source = task.image_source
    own: dict[str, Any] = {}
    if source.parameters is not None:
        own[source.name] = (source.parameters, Field(description=source.title))
    return create_model(
        "TaskParameters",
        __base__=task.answer.parameters,
        __module__=__name__,
        __doc__="How a task is learned and judged, and where its images come from.",
        **own,
    )


def sections_of(tasks: dict[str, Task]) -> type[TaskSections]:
    """Model of ``tasks``: a section for each of them, which none may lack, and for nothing else.

    Raises
    ------
    ValueError
        A task names no kind or source that there is.
    """
    sections: dict[str, Any] = {
        name: (section_of(task), Field(description=f"of the task {name}")) for name, task in tasks.items()
    }
    return create_model(
        "TaskSections",
        __base__=TaskSections,
        __module__=__name__,
        __doc__="One section a task of imagery.",
        **sections,
    )
