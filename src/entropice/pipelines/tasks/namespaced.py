"""Steps that are the same for every task, each task's in a namespace of its own."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.tasks.task import Task

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

SECTION: Final = "params:task."
"""Where steps name the parameters of whichever task they are of."""

SHARED: Final = frozenset({"cells", "land", "world", "truth", "given_rts", "given_coverage", "susceptibility"})
"""What is not made from a task's images: all tasks see the same."""


def of_tasks(composition: "Composition", steps: Callable[[Task], Sequence[Node]]) -> Pipeline:
    """The steps of every task: ``<task>.<step>``, datasets ``<task>.<dataset>`` but those that all tasks share."""
    return sum((_of_task(name, steps(task)) for name, task in composition.tasks.items()), start=Pipeline([]))


def _of_task(name: str, steps: Sequence[Node]) -> Pipeline:
    pipeline = Pipeline(steps)
    parameters = {item for item in pipeline.inputs() if item.startswith("params:")}
    return Pipeline(
        pipeline,
        namespace=name,
        inputs=set(SHARED & pipeline.inputs()),
        parameters={item: item.replace(SECTION, f"params:tasks.{name}.") for item in parameters},
    )
