"""One contract for all models: fit on sites with class codes, give probabilities over all ordered classes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from entropice.espa import ESPAClassifier
from entropice.learning import rivals
from entropice.types import BoolArray, FloatArray, IntArray

EspaParameters = Mapping[str, Any]
"""Keyword arguments of `ESPAClassifier`, but its random state."""


@dataclass(frozen=True)
class Sites:
    """What a model may see of cells and years.

    Attributes
    ----------
    features
        (n, n_feature) named columns; NaN is unknown.
    coordinates_m
        (n, 2) in EPSG:6931.
    """

    features: pd.DataFrame
    coordinates_m: FloatArray

    def where(self, chosen: BoolArray) -> "Sites":
        """Some of the sites."""
        return Sites(self.features[chosen], self.coordinates_m[chosen])


def by_features(sites: Sites) -> pd.DataFrame:
    """Let a model see the features only."""
    return sites.features


def by_coordinates(sites: Sites) -> FloatArray:
    """Let a model see the place only."""
    return sites.coordinates_m


class SiteModel:
    """A scikit-learn classifier with its view of the sites, over a fixed number of ordered classes."""

    def __init__(self, estimator: Any, view: Callable[[Sites], Any]) -> None:
        self.estimator = estimator
        self.view = view

    def fit(self, sites: Sites, class_codes: IntArray) -> Self:
        """Fit to sites with class codes (n,)."""
        self.estimator.fit(self.view(sites), class_codes)
        return self

    def predict_proba(self, sites: Sites, n_classes: int) -> FloatArray:
        """Return probabilities (n, n_classes); a class without training rows has probability 0."""
        probabilities = np.zeros((len(sites.features), n_classes))
        probabilities[:, self.estimator.classes_] = self.estimator.predict_proba(self.view(sites))
        return probabilities


@dataclass(frozen=True)
class ModelRequest:
    """What a model is made from: the size of the training set, the seed and eSPA's parameters."""

    n_rows: int
    random_seed: int
    espa_parameters: EspaParameters


def make_espa(request: ModelRequest) -> ESPAClassifier:
    """Make eSPA with its configured parameters."""
    return ESPAClassifier(**request.espa_parameters, random_state=request.random_seed)


MODELS: Final[dict[str, Callable[[ModelRequest], SiteModel]]] = {
    "espa": lambda request: SiteModel(make_espa(request), by_features),
    "logistic": lambda _: SiteModel(rivals.logistic(), by_features),
    "prevalence": lambda _: SiteModel(rivals.prevalence(), by_coordinates),
    "knn_coordinates": lambda request: SiteModel(rivals.knn_coordinates(request.n_rows), by_coordinates),
}
"""The closed registry of models, by the name in ``out_of_fold`` and ``scores``."""
