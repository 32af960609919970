"""One contract for all models: fit on sites with class codes, give probabilities over all ordered classes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from entropice.learning import rivals
from entropice.learning.sites import Sites, predict_all_classes
from entropice.learning.tuning import EspaSearch, choose_espa
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True)
class FittedModel:
    """A fitted scikit-learn classifier with its view of the sites."""

    estimator: Any
    view: Callable[[Sites], Any]

    def predict_proba(self, sites: Sites, n_classes: int) -> FloatArray:
        """Return probabilities (n, n_classes); a class without training rows has probability 0."""
        return predict_all_classes(self.estimator, self.view(sites), n_classes)


def by_features(sites: Sites) -> pd.DataFrame:
    """Let a model see the features only."""
    return sites.features


def by_coordinates(sites: Sites) -> FloatArray:
    """Let a model see the place only."""
    return sites.coordinates_m


def fit_espa(sites: Sites, class_codes: IntArray, search: EspaSearch) -> FittedModel:
    """Choose eSPA's hyper-parameters inside the sites, then fit it to all of them."""
    return FittedModel(choose_espa(search, sites, class_codes).fit(sites.features, class_codes), by_features)


def fit_logistic(sites: Sites, class_codes: IntArray, _: EspaSearch) -> FittedModel:
    """Fit the logistic regression."""
    return FittedModel(rivals.logistic().fit(sites.features, class_codes), by_features)


def fit_prevalence(sites: Sites, class_codes: IntArray, _: EspaSearch) -> FittedModel:
    """Count the classes."""
    return FittedModel(rivals.prevalence().fit(sites.coordinates_m, class_codes), by_coordinates)


def fit_knn_coordinates(sites: Sites, class_codes: IntArray, _: EspaSearch) -> FittedModel:
    """Remember where each class was."""
    model = rivals.knn_coordinates(len(class_codes))
    return FittedModel(model.fit(sites.coordinates_m, class_codes), by_coordinates)


MODELS: Final[dict[str, Callable[[Sites, IntArray, EspaSearch], FittedModel]]] = {
    "espa": fit_espa,
    "logistic": fit_logistic,
    "prevalence": fit_prevalence,
    "knn_coordinates": fit_knn_coordinates,
}
"""The closed registry of models, by the name in ``out_of_fold`` and ``scores``."""
