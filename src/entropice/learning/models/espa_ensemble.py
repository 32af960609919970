"""eSPA ensemble: averaged classifiers that weigh whole blocks at random, calibrated on the inner folds."""

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from entropice.learning.models import espa
from entropice.learning.models.model import FitSettings, FittedModel, Importances, Model, Recipe, Storage
from entropice.types import FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays
    from entropice.learning.samples import Samples


def fit(samples: "Samples", class_codes: IntArray, inner_folds: "InnerFolds", settings: FitSettings) -> FittedModel:
    """Choose as for eSPA, then average members by the features that every inner fold knows.

    Raises
    ------
    LabelError
        If every candidate has more boxes than the smallest inner fold has rows to train on.
    """
    from entropice.espa import ESPAEnsemble

    names = tuple(inner_folds.known_features)
    espa.with_boxes_for(settings.candidates, inner_folds.fewest_training_rows)
    parameters, _ = espa.choose_parameters(inner_folds, settings)
    recipe = Recipe(parameters, settings.random_seed, settings.device, names)
    ensemble = ESPAEnsemble(
        espa.make(recipe).set_params(n_init=1), cv=inner_folds.splits, random_state=settings.random_seed
    )
    return FittedModel(ensemble.fit(samples.features[list(names)], class_codes, groups=samples.blocks), recipe)


def weights(fitted: FittedModel) -> FloatArray:
    """Mean feature weights (n_feature,) of the members."""
    means: FloatArray = fitted.estimator.feature_importances_
    return means


def refit(fitted: FittedModel, samples: "Samples", class_codes: IntArray) -> FittedModel:
    """Fit the members to other class codes (n,); calibration, which weights do not depend on, is left out."""
    from sklearn.base import clone

    ensemble = clone(fitted.estimator).set_params(calibrate=None)
    ensemble.fit(fitted.view(samples), class_codes, groups=samples.blocks)
    return replace(fitted, estimator=ensemble)


def to_arrays(fitted: FittedModel, rows: Any, class_codes: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Keep the members and the temperature; of the folds that gave it, their number."""
    storable = copy(fitted.estimator)
    storable.cv = storable.cv if isinstance(storable.cv, int) else len(storable.cv)
    return espa.to_arrays(replace(fitted, estimator=storable), rows, class_codes)


MODEL = Model(
    name="espa_ensemble",
    title="eSPA ensemble",
    fit=fit,
    storage=Storage(to_arrays, espa.from_arrays),
    candidates_of="espa",
    importances=Importances(weights, refit),
)
