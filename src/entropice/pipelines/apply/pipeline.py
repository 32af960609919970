"""Wiring of what applies a model without training: a finished run's model, features → predictions, map, checks."""

from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.apply.nodes import apply_model
from entropice.pipelines.apply.parameters import ApplyParameters
from entropice.pipelines.declaration import PipelineDeclaration

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition


def create_pipeline(composition: "Composition") -> Pipeline:  # noqa: ARG001 - every cube of features is predicted alike
    """One step, whatever the features are made of.

    Reads ``applied_model``, ``features``, ``cells``, ``params:grid`` and ``params:apply``; makes
    ``applied_predictions``, ``applied_map`` and ``applied_checks``.
    """
    step = Node(
        apply_model,
        ["applied_model", "features", "cells", "params:grid", "params:apply"],
        ["applied_predictions", "applied_map", "applied_checks"],
        name="apply_model",
        tags="apply",
    )
    return Pipeline([step], namespace="apply", prefix_datasets_with_namespace=False)


APPLY: Final = PipelineDeclaration("apply", create_pipeline, ApplyParameters, runs_by_default=False)
