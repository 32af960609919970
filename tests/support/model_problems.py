"""Small tables for models: samples in stripes of the map, classes that follow features, and cheap candidates."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from entropice.learning.models import MODELS, FittedModel
from entropice.learning.models.candidates import Grid, candidates_of
from entropice.learning.predictor import NOTHING, Part, Predictor
from entropice.learning.samples import Samples
from entropice.learning.tuning import Tuning

ESPA_FIXED = {"eps_class": 1.0, "prior_weight": 1e-2, "n_init": 2, "n_init_search": 1}
GRIDS: dict[str, Grid] = {
    "ordinal_ridge": {"ridge": [0.1, 1.0, 10.0, 100.0], "later_ridge_ratio": 1.0},
    "espa": {"n_boxes": [2, 6], "n_effective_features": [1.5, 3.0], **ESPA_FIXED},
    "espa_ensemble": {
        "n_boxes_min": 3, "n_boxes_max": [6, 9], "n_effective_features": [2.0, 3.0], "eps_class": 1.0,
        "prior_weight": 1e-2, "n_members": 12, "n_members_search": 4,
    },
    "logistic": {"C": [0.01, 0.1, 1.0, 10.0]},
    "random_forest": {"n_estimators": 10, "max_features": [0.5, 1.0], "min_samples_leaf": [1, 10]},
    "xgboost": {
        "learning_rate": [0.1, 0.3], "n_estimators": 5, "max_depth": [1, 3], "min_child_weight": 1.0, "reg_lambda": 1.0,
        "subsample": 1.0, "colsample_bytree": 1.0,
    },
    "histogram_boosting": {
        "learning_rate": [0.1, 0.3], "max_iter": 5, "max_leaf_nodes": [2, 4], "min_samples_leaf": 5,
        "l2_regularization": 0.0,
    },
    "knn_features": {"n_neighbors": [3, 10, 30, 60]},
}  # fmt: skip
"""Four candidates each."""


def tuning(**changes: Any) -> Tuning:
    """Three inner folds, 50 km apart; `changes` are other grids by model, or other values of `Tuning`."""
    grids = GRIDS | {name: changes.pop(name) for name in list(changes) if name in MODELS}
    candidates = {name: candidates_of(MODELS[name], grid) for name, grid in grids.items()}
    return Tuning(**{"candidates": candidates, "n_folds": 3, "buffer_m": 50_000.0, "random_seed": 0} | changes)


def samples_in_stripes(n_rows: int = 150, n_features: int = 4) -> Samples:
    """Random features, one in twenty unknown, on a square of 1000 km in five blocks."""
    random = np.random.default_rng(0)
    shape = (n_rows, n_features)
    features = pd.DataFrame(random.normal(size=shape), columns=list("abcdefgh")[:n_features])
    coordinates_m = random.uniform(0, 1e6, (n_rows, 2))
    blocks = (coordinates_m[:, 0] // 2e5).astype(np.uint64)
    return Samples(features.mask(random.random(shape) < 0.05), coordinates_m, blocks)


def classes_by_features(samples: Samples) -> NDArray[np.int64]:
    """2 where "a" is large, else 1 where "b" is, else 0."""
    a, b = samples.features["a"].fillna(0), samples.features["b"].fillna(0)
    return np.where(a > 0.5, 2, np.where(b > 0, 1, 0)).astype(np.int64)


def fit(name: str, samples: Samples, class_codes: NDArray[Any], given: Tuning) -> FittedModel:
    """Fit a registered model."""
    return given.fit(MODELS[name], given.inner_folds(samples, class_codes))


def alone(name: str, fitted: FittedModel) -> Predictor:
    """A predictor of one fitted model without submodels."""
    return Predictor((Part(MODELS[name], 1.0, {NOTHING: fitted}),))
