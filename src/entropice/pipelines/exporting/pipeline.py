"""Wiring of the export under published names: of each task whose kind says what is exported."""

import warnings
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.exporting.nodes import export_run
from entropice.pipelines.exporting.parameters import ExportingParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """One folder of all tasks."""
    datasets = [
        f"{name}.{dataset}"
        for name, task in composition.tasks.items()
        if task.answer.exports is not None
        for dataset in task.answer.exports.datasets
    ]
    parameters = {name: f"params:{name}" for name in ("composition", "tasks", "exporting")}
    with warnings.catch_warnings():
        # Kedro warns of names such as ice_motion.network; they are meant: a namespace's datasets, read from outside.
        warnings.filterwarnings("ignore", message="One or more dataset names contain", category=UserWarning)
        node = Node(
            export_run,
            inputs=parameters | {name: name for name in datasets},
            outputs="exported",
            name="export_run",
            tags="exporting",
        )
        return Pipeline([node], namespace="exporting", prefix_datasets_with_namespace=False)


EXPORTING: Final = PipelineDeclaration("exporting", create_pipeline, ExportingParameters, runs_by_default=False)
