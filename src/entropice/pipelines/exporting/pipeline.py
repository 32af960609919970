"""Wiring of the export under published names: of each task whose kind says what is exported in a layout."""

import warnings
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.exporting.layouts import layout_named
from entropice.pipelines.exporting.parameters import ExportingParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """One folder of all tasks: the step ``export_run`` makes ``exported`` in the layout of the composition.

    It reads of each task the datasets that its kind names for that layout; a task whose kind names none is left out.
    """
    layout = layout_named(composition.export_layout)
    exports = {name: layout.of_kind(task.answer) for name, task in composition.tasks.items()}
    datasets = [f"{name}.{dataset}" for name, of_kind in exports.items() if of_kind for dataset in of_kind.datasets]
    parameters = {name: f"params:{name}" for name in ("composition", "tasks", "exporting")}
    with warnings.catch_warnings():
        # Kedro warns of names such as ice_motion.network; they are meant: a namespace's datasets, read from outside.
        warnings.filterwarnings("ignore", message="One or more dataset names contain", category=UserWarning)
        node = Node(
            layout.step,
            inputs=parameters | {name: name for name in datasets},
            outputs="exported",
            name="export_run",
            tags="exporting",
        )
        return Pipeline([node], namespace="exporting", prefix_datasets_with_namespace=False)


EXPORTING: Final = PipelineDeclaration("exporting", create_pipeline, ExportingParameters, runs_by_default=False)
