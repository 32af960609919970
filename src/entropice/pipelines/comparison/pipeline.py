"""Wiring of the comparison: finished runs → tables, figure, map."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.comparison.nodes import compare_runs
from entropice.pipelines.comparison.parameters import ComparisonParameters
from entropice.pipelines.declaration import PipelineDeclaration

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:  # noqa: ARG001 - every run compares alike
    """One step, whatever the runs are made of.

    Reads ``finished_runs``, ``params:comparison`` and ``params:random_seed``; makes ``comparison``.
    """
    step = Node(
        compare_runs,
        ["finished_runs", "params:comparison", "params:random_seed"],
        "comparison",
        name="compare_runs",
        tags="comparison",
    )
    return Pipeline([step], namespace="comparison", prefix_datasets_with_namespace=False)


COMPARISON: Final = PipelineDeclaration("comparison", create_pipeline, ComparisonParameters, runs_by_default=False)
