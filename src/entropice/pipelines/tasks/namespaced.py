"""Steps that are the same for every task, each task's in a namespace of its own."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.tasks.task import Task

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

SECTION: Final = "params:task."
"""Where steps name the parameters of whichever task they are of."""

DECLARED: Final = "params:composition.task."
"""Where they name what the composition says of it."""

SHARED: Final = frozenset({"cells", "land", "world", "truth", "rts_file", "coverage_file"})
"""What is not made from a task's images, or is made for all that follows; and all that begins with ``given_``."""


def task_pipeline(
    name: str, steps: Callable[[Task], Sequence[Node]], *, has_section: bool = False
) -> PipelineDeclaration:
    """A pipeline with the steps of every task: ``<task>.<step>``, datasets ``<task>.<dataset>`` but the shared ones.

    Parameters
    ----------
    name
        Of the pipeline.
    steps
        Makes the steps of a task, with datasets and parameters named as in its namespace: ``params:task.…`` becomes
        ``params:tasks.<task>.…``. Datasets of `SHARED`, and those that begin with ``given_``, keep their names where
        they come from outside the task's steps or are left over by them.
    has_section
        Whether each task needs a section of this name in its parameters.

    Returns
    -------
    PipelineDeclaration
        It makes an empty pipeline for a composition without tasks.
    """

    def create(composition: "Composition") -> Pipeline:
        return sum((_of_task(task, steps(declared)) for task, declared in composition.tasks.items()), Pipeline([]))

    return PipelineDeclaration(name, create, None, has_task_section=has_section)


def _of_task(name: str, steps: Sequence[Node]) -> Pipeline:
    pipeline = Pipeline(steps)
    parameters = {item for item in pipeline.inputs() if item.startswith("params:")}
    return Pipeline(
        pipeline,
        namespace=name,
        inputs={item for item in pipeline.inputs() if _is_shared(item)},
        outputs={item for item in pipeline.outputs() if _is_shared(item)},
        parameters={item: _named(item, name) for item in parameters},
    )


def _is_shared(dataset: str) -> bool:
    return dataset in SHARED or dataset.startswith("given_")


def _named(parameter: str, task: str) -> str:
    # Kedro would put the namespace before the name; parameters of tasks stand in sections of their own.
    return parameter.replace(SECTION, f"params:tasks.{task}.").replace(DECLARED, f"params:composition.tasks.{task}.")
