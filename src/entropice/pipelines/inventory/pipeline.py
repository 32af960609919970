"""Wiring of the inventory: whole regions are looked at year by year, and what is found is told with its areas."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.inventory import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task

SEEN: Final = (
    "params:task.samples",
    "params:task.training",
    "params:task.evaluation",
    "params:task.inventory",
    "params:random_seed",
)
"""What says how a network looks at regions."""

TOLD: Final = ("params:task.inventory", "params:task.samples.splits")


def _steps(task: Task) -> Sequence[Node]:
    """Audited tiles calibrate, regions are looked at, and objects are gathered and judged."""
    return [
        Node(
            nodes.calibrate_inventory,
            inputs=["network", "images", "audits", "splits", "statistics", "calibration", *SEEN],
            outputs="inventory_calibration",
            name="calibrate_inventory",
            tags=["inventory"],
        ),
        Node(
            nodes.plan_inventory,
            inputs=[
                *("tiles", "network", "statistics", "calibration", "inventory_calibration", *SEEN),
                *("params:composition.task.source", *task.image_source.looked_through.inputs),
            ],
            outputs="surveyed",
            name="survey_regions",
            tags=["inventory"],
        ),
        Node(
            nodes.make_inventory,
            inputs=["surveyed", "tiles", "inventory_calibration", *TOLD, "params:grid", "params:random_seed"],
            outputs=["inventory", "growth", "region_areas"],
            name="make_inventory",
            tags=["inventory"],
        ),
        Node(
            nodes.score_inventory,
            inputs=[
                *("surveyed", "tiles", "inventory", "growth", "region_areas", *TOLD),
                *("params:task.evaluation", "params:grid", "params:random_seed"),
            ],
            outputs="inventory_scores",
            name="score_inventory",
            tags=["inventory", "evaluation"],
        ),
    ]


INVENTORY: Final = task_pipeline("inventory", _steps, has_section=True)
