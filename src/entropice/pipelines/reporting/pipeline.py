"""Wiring of the reporting pipeline: (limit) → report → run folder."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.reporting.nodes import assemble_run, attainable_limit, render_report, score_limit
from entropice.pipelines.reporting.parameters import ReportingParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

_REPORT_INPUTS = {
    "cells": "cells",
    "land": "land",
    "labels": "labels",
    "features": "features",
    "classes": "classes",
    "out_of_fold": "out_of_fold",
    "scores": "scores",
    "predictions": "predictions",
    "drivers": "drivers",
    "cell_drivers": "cell_drivers",
    "provenance": "provenance",
    "run": "params:run",
    "reporting": "params:reporting",
    "grid": "params:grid",
}
_RUN_INPUTS = {name: _REPORT_INPUTS[name] for name in _REPORT_INPUTS if name not in {"land", "out_of_fold"}}


def create_pipeline(composition: "Composition") -> Pipeline:
    """Report and run folder; with the attainable limit where the truth is known."""
    with_limit = composition.world is not None
    limit = {"limit": "limit", "limit_scores": "limit_scores"} if with_limit else {}
    limit_scores = {"limit_scores": "limit_scores"} if with_limit else {}
    nodes = [
        Node(
            render_report,
            inputs=_REPORT_INPUTS | limit,
            outputs="report_html",
            name="render_report",
            tags="reporting",
        ),
        Node(
            assemble_run,
            inputs=_RUN_INPUTS | limit_scores | {"report_html": "report_html"},
            outputs="run",
            name="assemble_run",
            tags="reporting",
        ),
    ]
    return Pipeline(
        [*(_limit_nodes() if with_limit else []), *nodes],
        namespace="reporting",
        prefix_datasets_with_namespace=False,
    )


def _limit_nodes() -> list[Node]:
    return [
        Node(
            attainable_limit,
            inputs=[
                "truth", "cells", "labels", "out_of_fold", "fold_classes", "params:random_seed", "params:reporting",
            ],
            outputs="limit",
            name="attainable_limit",
            tags=["reporting", "limit"],
        ),
        Node(
            score_limit,
            inputs=["limit", "out_of_fold", "params:grid", "params:random_seed", "params:modelling"],
            outputs="limit_scores",
            name="score_limit",
            tags=["reporting", "limit"],
        ),
    ]  # fmt: skip


REPORTING: Final = PipelineDeclaration("reporting", create_pipeline, ReportingParameters)
