"""Wiring of years to come: forecasts of every year, their doubts, what the map says of them, and how good both are."""

from collections.abc import Sequence
from typing import Final

from kedro.pipeline import Node

from entropice.pipelines.image_sources.cell_fields.declaration import LAW_DRAWS
from entropice.pipelines.outlook import nodes
from entropice.pipelines.tasks.namespaced import task_pipeline
from entropice.pipelines.tasks.task import Task

_RECORD: Final = ("yearly_indices", "usual_years", "params:task.samples")
_MAP: Final = ("given_model", "given_features", "cells", "params:grid", "params:features.climate")


def _steps(task: Task) -> Sequence[Node]:
    given = [LAW_DRAWS] if any(LAW_DRAWS in node.outputs for node in task.image_source.nodes()) else []
    return [
        Node(
            nodes.forecast_indices,
            inputs=[
                *("network", "fields", "statistics", "yearly_indices", "params:task.target_bands"),
                *("params:task.samples", "params:task.training", "params:task.evaluation"),
            ],
            outputs="index_forecasts",
            name="forecast_indices",
            tags=["outlook"],
        ),
        Node(
            nodes.score_indices,
            inputs=[
                *("index_forecasts", *_RECORD, "cells", "params:grid", "params:task.outlook", "params:random_seed"),
                *given,
            ],
            outputs="index_scores",
            name="score_indices",
            tags=["outlook"],
        ),
        Node(
            nodes.draw_years,
            inputs=["index_forecasts", *_RECORD],
            outputs="year_draws",
            name="draw_years",
            tags=["outlook"],
        ),
        Node(
            nodes.ask_map,
            inputs=["year_draws", "yearly_indices", *_MAP],
            outputs=["outlook", "outlook_layers"],
            name="ask_map",
            tags=["outlook"],
        ),
        Node(
            nodes.score_map,
            inputs=[
                *("index_forecasts", *_RECORD, *_MAP, "given_training_table", "given_folds"),
                *("params:modelling.folds", "params:task.outlook", "params:random_seed"),
            ],
            outputs="map_outlook_scores",
            name="score_map",
            tags=["outlook"],
        ),
    ]


OUTLOOK: Final = task_pipeline("outlook", _steps, has_section=True)
