"""Wiring of the report on tasks of imagery."""

import warnings
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.image_report.about import about_images
from entropice.pipelines.image_report.nodes import assemble_image_run
from entropice.pipelines.image_report.parameters import ImageReportParameters
from entropice.report.image_run.datasets import datasets_of_a_task

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:
    """Report and run folder of all tasks: one step, which makes ``report_html`` and ``run``.

    It reads ``params:run``, ``provenance``, and of each task what the composition's pipelines end in.
    """
    datasets = [f"{task}.{name}" for task in composition.tasks for name in datasets_of_a_task(composition.pipelines)]
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


IMAGE_REPORT: Final = PipelineDeclaration("image_report", create_pipeline, ImageReportParameters, about=about_images)
