"""Wiring of the report on tasks of imagery."""

import warnings
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.image_report.about import about_images
from entropice.pipelines.image_report.nodes import assemble_image_run
from entropice.pipelines.image_report.parameters import ImageReportParameters
from entropice.pipelines.inventory.pipeline import INVENTORY
from entropice.report.image_run.datasets import OF_A_TASK, OF_AN_INVENTORY

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Report and run folder of all tasks."""
    datasets = [f"{task}.{name}" for task in composition.tasks for name in _names(composition)]
    with warnings.catch_warnings():
        # Kedro warns of names such as ice_motion.panel; here they are meant: a namespace's datasets, read from outside.
        warnings.filterwarnings("ignore", message="One or more dataset names contain", category=UserWarning)
        node = Node(
            assemble_image_run,
            inputs={"run": "params:run", "provenance": "provenance"} | {name: name for name in datasets},
            outputs=["report_html", "run"],
            name="assemble_image_run",
            tags="image_report",
        )
        return Pipeline([node], namespace="image_report", prefix_datasets_with_namespace=False)


def _names(composition: "Composition") -> tuple[str, ...]:
    """What each task ends in; an inventory where the composition makes one."""
    return (*OF_A_TASK, *OF_AN_INVENTORY) if INVENTORY.name in composition.pipelines else OF_A_TASK


IMAGE_REPORT: Final = PipelineDeclaration("image_report", create_pipeline, ImageReportParameters, about=about_images)
