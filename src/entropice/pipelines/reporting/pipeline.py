"""Wiring of the reporting pipeline: (attainable limit and true skill), survey → report and run folder."""

import warnings
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.reporting.about import about_run
from entropice.pipelines.reporting.nodes import (
    assemble_run,
    attainable_limit,
    check_limit,
    plan_survey,
    score_limit,
    score_map,
)
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.report.results import dataset_names, task_dataset_names

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

MAPPING: Final = "mapping"
"""The pipeline that looks at chosen tiles of all years."""


def create_pipeline(composition: "Composition") -> Pipeline:
    """Report and run folder; with the attainable limit and the map's true skill where the truth is known.

    With what tasks have found in images, too, where the pipeline that maps it is run.

    Two steps make ``survey``, ``report_html`` and ``run``; where the composition has a virtual world, four more make
    ``bayes_limit``, ``bayes_limit_scores``, ``limit_leaks`` and ``true_map_skill`` before them.
    """
    with_limit = composition.world is not None
    survey = Node(
        plan_survey,
        inputs=["cells", "labels", "predictions", "params:reporting.survey"],
        outputs="survey",
        name="plan_survey",
        tags=["reporting", "survey"],
    )
    limit = _limit_nodes() if with_limit else []
    with warnings.catch_warnings():
        # Kedro warns of names such as slumps.outlines; here they are meant: datasets of a namespace, read from outside.
        warnings.filterwarnings("ignore", message="One or more dataset names contain", category=UserWarning)
        nodes = [*limit, survey, _assembling([*dataset_names(with_limit=with_limit), *_of_tasks(composition)])]
        return Pipeline(nodes, namespace="reporting", prefix_datasets_with_namespace=False)


def _assembling(datasets: list[str]) -> Node:
    parameters = {"reporting": "params:reporting", "grid": "params:grid", "run": "params:run"}
    models = {"map_model": "map_model", "doubts_model": "doubts_model"}
    return Node(
        assemble_run,
        inputs=parameters | models | {name: name for name in datasets},
        outputs=["report_html", "run"],
        name="assemble_run",
        tags="reporting",
    )


def _of_tasks(composition: "Composition") -> list[str]:
    """What tasks have found, where the pipeline that maps it is run."""
    if MAPPING not in composition.pipelines:
        return []
    return [dataset for name in composition.tasks for dataset in task_dataset_names(name)]


def _limit_nodes() -> list[Node]:
    return [
        Node(
            attainable_limit,
            inputs=[
                "truth", "cells", "labels", "out_of_fold", "fold_classes", "params:random_seed",
                "params:reporting.n_bayes_limit_draws",
            ],
            outputs="bayes_limit",
            name="attainable_limit",
            tags=["reporting", "limit"],
        ),
        Node(
            score_limit,
            inputs=["bayes_limit", "out_of_fold", "cells", "params:grid", "params:random_seed",
                "params:modelling.folds", "params:modelling.n_bootstrap"],
            outputs="bayes_limit_scores",
            name="score_limit",
            tags=["reporting", "limit"],
        ),
        Node(
            check_limit,
            inputs=["scores", "bayes_limit_scores"],
            outputs="limit_leaks",
            name="check_limit",
            tags=["reporting", "limit"],
        ),
        Node(
            score_map,
            inputs=["truth", "params:virtual_arctic", "cells", "predictions", "training_table", "classes",
                "params:grid", "params:modelling.folds"],
            outputs="true_map_skill",
            name="score_map",
            tags=["reporting", "limit"],
        ),
    ]  # fmt: skip


REPORTING: Final = PipelineDeclaration("reporting", create_pipeline, ReportingParameters, about=about_run)
