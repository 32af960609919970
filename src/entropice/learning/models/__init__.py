"""The models that can be compared: each is one module, and one entry here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from entropice.learning.models import (
    espa,
    espa_ensemble,
    histogram_boosting,
    knn_coordinates,
    knn_features,
    latitude,
    logistic,
    ordinal_ridge,
    prevalence,
    random_forest,
    xgboost,
)
from entropice.learning.models.model import FittedModel, Model

MODELS: Final[Mapping[str, Model]] = MappingProxyType(
    {
        model.name: model
        for model in (
            ordinal_ridge.MODEL,
            espa.MODEL,
            espa_ensemble.MODEL,
            logistic.MODEL,
            random_forest.MODEL,
            xgboost.MODEL,
            histogram_boosting.MODEL,
            knn_features.MODEL,
            knn_coordinates.MODEL,
            latitude.MODEL,
            prevalence.MODEL,
        )
    }
)
"""Every model by its name, in the readers' order."""

__all__ = ["MODELS", "FittedModel", "Model"]
