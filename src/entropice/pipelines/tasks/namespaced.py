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

SHARED: Final = frozenset({"cells", "land", "world", "truth", "given_rts", "given_coverage"})
"""What is not made from a task's images: all tasks see the same."""


def task_pipeline(name: str, steps: Callable[[Task], Sequence[Node]]) -> PipelineDeclaration:
    """A pipeline with the steps of every task: ``<task>.<step>``, datasets ``<task>.<dataset>`` but the shared ones."""

    def create(composition: "Composition") -> Pipeline:
        return sum((_of_task(task, steps(declared)) for task, declared in composition.tasks.items()), Pipeline([]))

    return PipelineDeclaration(name, create, None)


def _of_task(name: str, steps: Sequence[Node]) -> Pipeline:
    pipeline = Pipeline(steps)
    parameters = {item for item in pipeline.inputs() if item.startswith("params:")}
    return Pipeline(
        pipeline,
        namespace=name,
        inputs=set(SHARED & pipeline.inputs()),
        parameters={item: item.replace(SECTION, f"params:tasks.{name}.") for item in parameters},
    )
