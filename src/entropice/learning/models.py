"""One contract for all models: fit on samples with class codes, give probabilities over all ordered classes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV

from entropice.espa import ESPAEnsemble
from entropice.learning import baselines
from entropice.learning.samples import Samples, predict_all_classes
from entropice.learning.tuning import EspaSearch, choose_espa, inner_folds, log_score_of_all_classes, observed_in_all
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True)
class FittedModel:
    """A fitted scikit-learn classifier with its view of the samples."""

    estimator: Any
    view: Callable[[Samples], Any]

    def predict_proba(self, samples: Samples, n_classes: int) -> FloatArray:
        """Return probabilities (n, n_classes); a class without training rows has probability 0."""
        return predict_all_classes(self.estimator, self.view(samples), n_classes)


def by_features(samples: Samples) -> pd.DataFrame:
    """Let a model see the features only."""
    return samples.features


def by_known_features(samples: Samples, subsets: Sequence[IntArray]) -> Callable[[Samples], pd.DataFrame]:
    """Let a model see the features that have a value in every subset of rows that it is fitted to."""
    names = observed_in_all(samples.features, subsets)
    return lambda others: others.features[names]


def by_coordinates(samples: Samples) -> FloatArray:
    """Let a model see the place only."""
    return samples.coordinates_m


def fit_espa(samples: Samples, class_codes: IntArray, search: EspaSearch) -> FittedModel:
    """Choose eSPA's hyper-parameters inside the samples, then fit it to all of them."""
    view = by_known_features(samples, [np.arange(len(class_codes))])
    return FittedModel(choose_espa(search, samples, class_codes).fit(view(samples), class_codes), view)


def fit_espa_ensemble(samples: Samples, class_codes: IntArray, search: EspaSearch) -> FittedModel:
    """Choose as for eSPA, then average classifiers that weigh whole blocks at random, calibrated on inner folds."""
    splits = inner_folds(search, samples, class_codes)
    view = by_known_features(samples, [train for train, _ in splits])
    search.parameters(min(len(train) for train, _ in splits))
    ensemble = ESPAEnsemble(
        choose_espa(search, samples, class_codes).set_params(n_init=1),
        cv=splits,
        random_state=search.random_seed,
    )
    return FittedModel(ensemble.fit(view(samples), class_codes, groups=samples.blocks), view)


def fit_logistic(samples: Samples, class_codes: IntArray, search: EspaSearch) -> FittedModel:
    """Choose the strength of the regularisation as eSPA's parameters are chosen, then fit to all samples."""
    if len(search) == 1:
        return FittedModel(baselines.logistic().fit(samples.features, class_codes), by_features)
    comparison = GridSearchCV(
        baselines.logistic(),
        baselines.LOGISTIC_GRID,
        scoring=log_score_of_all_classes(int(class_codes.max()) + 1),
        cv=inner_folds(search, samples, class_codes),
        error_score="raise",
    )
    return FittedModel(comparison.fit(samples.features, class_codes).best_estimator_, by_features)


def fit_prevalence(samples: Samples, class_codes: IntArray, _: EspaSearch) -> FittedModel:
    """Count the classes."""
    return FittedModel(baselines.prevalence().fit(samples.coordinates_m, class_codes), by_coordinates)


def fit_knn_coordinates(samples: Samples, class_codes: IntArray, _: EspaSearch) -> FittedModel:
    """Remember where each class was."""
    model = baselines.knn_coordinates(len(class_codes))
    return FittedModel(model.fit(samples.coordinates_m, class_codes), by_coordinates)


@dataclass(frozen=True)
class Model:
    """A model that can be compared, for computing and for readers.

    Attributes
    ----------
    name
        In parameters and tables.
    title
        For readers.
    fit
        Fits samples with class codes.
    is_reference
        Whether skill is measured against it: its own skill is 0.
    """

    name: str
    title: str
    fit: Callable[[Samples, IntArray, EspaSearch], FittedModel]
    is_reference: bool = False


MODELS: Final[Mapping[str, Model]] = MappingProxyType(
    {
        model.name: model
        for model in (
            Model("espa", "eSPA", fit_espa),
            Model("espa_ensemble", "eSPA ensemble", fit_espa_ensemble),
            Model("logistic", "logistic regression", fit_logistic),
            Model("knn_coordinates", "nearest neighbours (coordinates only)", fit_knn_coordinates),
            Model("prevalence", "prevalence", fit_prevalence, is_reference=True),
        )
    }
)
"""Every model by its name, in the readers' order."""
