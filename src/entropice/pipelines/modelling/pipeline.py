"""Wiring of the modelling pipeline."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kedro.pipeline import Node, Pipeline

from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.modelling import nodes
from entropice.pipelines.modelling.parameters import ModellingParameters

if TYPE_CHECKING:
    from entropice.pipelines.composition import Composition

GRID: Final = "params:grid"
SEED: Final = "params:random_seed"
SPLITTING: Final = "params:modelling.folds"
TUNING: Final = "params:modelling.tuning"
MODELS: Final = "params:modelling.models"
N_CLASSES: Final = "params:modelling.n_classes"
YEARS: Final = "params:modelling.prediction_years"


def create_pipeline(_: "Composition") -> Pipeline:
    """Labels and features become scores, probabilities and drivers: ten steps, the same for every composition.

    Reads ``labels``, ``features`` and ``cells``; makes ``training_table``, ``folds``, ``fold_classes``,
    ``out_of_fold``, ``scores``, ``fold_scores``, ``leaks``, ``classes``, ``map_model``, ``map_model_choice``,
    ``doubts_model``, ``regional_calibration``, ``predictions``, ``drivers``, ``cell_drivers``, ``responses``, ``boxes``
    and ``box_values``.
    """
    return Pipeline(
        [*_rows(), *_validation(), *_leaks(), *_map(), *_explanation()],
        namespace="modelling",
        prefix_datasets_with_namespace=False,
    )


def _rows() -> Sequence[Node]:
    """Observed cells and years with their features, and the folds that they are dealt into."""
    return [
        Node(
            nodes.build_training_table,
            inputs=["labels", "features", "params:modelling.features"],
            outputs="training_table",
            name="build_training_table",
            tags=["modelling"],
        ),
        Node(
            nodes.make_folds,
            inputs=["training_table", "cells", GRID, SEED, SPLITTING],
            outputs="folds",
            name="make_folds",
            tags=["modelling", "validation"],
        ),
    ]


def _validation() -> Sequence[Node]:
    """What models say of rows that they have not seen, and how good that is."""
    return [
        Node(
            nodes.predict_out_of_fold,
            inputs=[
                "training_table",
                "folds",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                TUNING,
                MODELS,
                N_CLASSES,
                "params:modelling.map_model",
            ],
            outputs=["fold_classes", "out_of_fold"],
            name="predict_out_of_fold",
            tags=["modelling", "validation"],
        ),
        Node(
            nodes.score,
            inputs=[
                "out_of_fold",
                "training_table",
                "folds",
                "map_model",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                TUNING,
                N_CLASSES,
                YEARS,
                "params:modelling.n_bootstrap",
            ],
            outputs=["scores", "fold_scores"],
            name="score",
            tags=["modelling", "validation"],
        ),
    ]


def _leaks() -> Sequence[Node]:
    """Whether anything of the test rows has come into the fits."""
    return [
        Node(
            nodes.check_leaks,
            inputs=[
                "training_table",
                "folds",
                "fold_classes",
                "out_of_fold",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                TUNING,
                MODELS,
                N_CLASSES,
                "params:modelling.n_refit_folds",
            ],
            outputs="leaks",
            name="check_leaks",
            tags=["modelling", "validation"],
        ),
    ]


def _map() -> Sequence[Node]:
    """The model of all rows, its doubts, and what both say of every cell."""
    return [
        Node(
            nodes.fit_model,
            inputs=[
                "training_table",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                TUNING,
                MODELS,
                N_CLASSES,
                "params:modelling.map_model",
                YEARS,
            ],
            outputs=["classes", "map_model", "map_model_choice"],
            name="fit_model",
            tags=["modelling", "map"],
        ),
        Node(
            nodes.fit_doubts,
            inputs=[
                "map_model",
                "classes",
                "training_table",
                "folds",
                "out_of_fold",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                "params:modelling.doubts",
                "params:modelling.n_bootstrap",
            ],
            outputs=["doubts_model", "regional_calibration"],
            name="fit_doubts",
            tags=["modelling", "map"],
        ),
        Node(
            nodes.predict,
            inputs=["map_model", "classes", "doubts_model", "features", "cells", GRID, SPLITTING, YEARS],
            outputs="predictions",
            name="predict",
            tags=["modelling", "map"],
        ),
    ]


def _explanation() -> Sequence[Node]:
    """What drives the map, and how its model answers to each feature."""
    return [
        Node(
            nodes.explain,
            inputs=[
                "map_model",
                "classes",
                "training_table",
                "features",
                "cells",
                GRID,
                SEED,
                SPLITTING,
                TUNING,
                "params:modelling.drivers",
                YEARS,
            ],
            outputs=["drivers", "cell_drivers"],
            name="explain",
            tags=["modelling", "map"],
        ),
        Node(
            nodes.describe_model,
            inputs=[
                "map_model",
                "classes",
                "doubts_model",
                "drivers",
                "training_table",
                "features",
                "cells",
                GRID,
                SPLITTING,
                YEARS,
            ],
            outputs=["responses", "boxes", "box_values"],
            name="describe_model",
            tags=["modelling", "map"],
        ),
    ]


MODELLING: Final = PipelineDeclaration("modelling", create_pipeline, ModellingParameters)
