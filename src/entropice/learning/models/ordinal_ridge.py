"""Ordinal ridge: ordered classes by continuation ratios, on the features and on leading components of their groups."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models.model import (
    Candidate,
    FitSettings,
    FittedModel,
    Importances,
    Model,
    Prepared,
    Recipe,
    Storage,
)
from entropice.learning.models.stored import only
from entropice.learning.models.view_groups import view_groups
from entropice.types import DataFrame, FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays
    from entropice.learning.samples import Samples
    from entropice.ordinal import OrdinalRidgeClassifier


class Parameters(StrictModel):
    """One candidate, for features scaled to unit variance."""

    ridge: float = Field(gt=0, description="pull of the coefficients of the first stage (any slumps?) to 0")
    later_ridge_ratio: float = Field(gt=0, description="pull in the later stages (more slumps?) as a multiple of that")


def make(recipe: Recipe, groups: Mapping[str, str]) -> "OrdinalRidgeClassifier":
    """Make the unfitted classifier for the recipe's features, with leading components of their groups (`view_groups`).

    `groups` gives the group by name of the feature. The ridge of later stages is ``ridge · later_ridge_ratio``; the
    exposure, where it is a feature, is named to it as such.
    """
    from entropice.ordinal import OrdinalRidgeClassifier

    names = recipe.feature_names or ()
    labels, n_components = view_groups(names, groups)
    return OrdinalRidgeClassifier(
        *_ridges(recipe.parameters),
        groups=labels,
        n_components=n_components,
        exposure=EXPOSURE if EXPOSURE in names else None,
    )


def _ridges(candidate: Candidate) -> tuple[float, float]:
    return candidate["ridge"], candidate["ridge"] * candidate["later_ridge_ratio"]


def fit(samples: "Samples", class_codes: IntArray, inner_folds: "InnerFolds", settings: FitSettings) -> FittedModel:
    """Choose among the candidates by log loss over the inner folds, then fit all rows by the features known in them.

    Features of the samples are (n, n_feature), class codes (n,). The score of the fit is the mean over folds of the
    mean log probability of the true class, in nats, NaN of one candidate alone; it is computed on the CPU.

    Raises
    ------
    LabelError
        If candidates are compared and no inner fold has two classes.
    """
    from entropice.learning.tuning import choose, known_features

    names = tuple(known_features(samples.features))
    parameters, log_score = choose(
        settings.title, settings.candidates, lambda: _compare_together(inner_folds, settings)
    )
    recipe = Recipe(parameters, settings.random_seed, "cpu", names)
    estimator = make(recipe, samples.groups).fit(samples.named(names), class_codes)
    return FittedModel(estimator, recipe, log_score)


def _compare_together(inner_folds: "InnerFolds", settings: FitSettings) -> FloatArray:
    """Log scores (n_candidate, n_fold); the candidates are one path of ridges in each fold."""
    import numpy as np

    from entropice.learning.scores import log_losses
    from entropice.ordinal import fit_path

    names, codes = inner_folds.known_features, inner_folds.class_codes
    features = inner_folds.samples.named(names)
    model = make(Recipe(settings.candidates[0], settings.random_seed, "cpu", tuple(names)), inner_folds.samples.groups)
    ridges = [_ridges(each) for each in settings.candidates]

    def scores_of(train: IntArray, test: IntArray) -> list[float]:
        path = fit_path(model, features.iloc[train], codes[train], ridges)
        tested = path[0].standardised(features.iloc[test])
        probabilities = np.zeros((len(path), len(test), inner_folds.n_classes))
        probabilities[:, :, path[0].classes_] = [each.probabilities_at(tested) for each in path]
        return [-float(log_losses(each, codes[test]).mean()) for each in probabilities]

    return np.array([scores_of(*split) for split in inner_folds.splits]).T


def weights(fitted: FittedModel) -> FloatArray:
    """Share (n_feature,) of each feature in the sum of absolute coefficients on standardised features.

    Over all stages; equal shares where all coefficients are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> estimator = SimpleNamespace(standardised_coef=lambda: np.array([[1.0, -1.0], [0.0, -2.0]]))
    >>> weights(FittedModel(estimator, Recipe({}, 0, "cpu", ("rain", "slope")))).tolist()
    [0.25, 0.75]
    """
    import numpy as np

    sizes = np.abs(fitted.estimator.standardised_coef()).sum(axis=0)
    total = sizes.sum()
    shares: FloatArray = sizes / total if total > 0 else np.full(len(sizes), 1 / len(sizes))
    return shares


def prepare(fitted: FittedModel, features: DataFrame) -> Prepared:
    """Standardised features (n, n_feature), medians in place of NaN, and probabilities (n, n_class) of such rows.

    Each column follows from one feature alone.

    Raises
    ------
    ValueError
        For other features than those of the fit, or infinite values.
    """
    return Prepared(fitted.estimator.standardised(features), fitted.estimator.probabilities_at)


def contributions(fitted: FittedModel, features: DataFrame) -> FloatArray:
    """What each feature (n, n_feature) adds to the log-odds of any slumps, beside the mean training row.

    ``coefficient · standardised value``, medians in place of NaN: a row's contributions sum to its log-odds minus those
    at the mean training row.

    Raises
    ------
    ValueError
        For other features than those of the fit, or infinite values.
    """
    parts: FloatArray = fitted.estimator.contributions(features)
    return parts


def to_arrays(fitted: FittedModel, _: Any, __: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take the classifier apart by its own rules into arrays and a JSON document; no training rows are kept.

    Arrays are ``medians means scales limits centers`` (n_feature,), by which features are standardised, ``coef``
    (n_class − 1, n_feature) and ``intercept`` (n_class − 1,), one row a stage. The document is that of
    `entropice.ordinal.to_arrays`.
    """
    from entropice.ordinal import to_arrays

    return to_arrays(fitted.estimator)


def from_arrays(arrays: "NamedArrays", content: Mapping[str, Any], _: Recipe) -> Any:
    """Put it together again, bit for bit, without the recipe.

    Raises
    ------
    ValueError
        For what no such classifier gives.
    """
    from entropice.ordinal import OrdinalRidgeClassifier, from_arrays

    return only(OrdinalRidgeClassifier, from_arrays(arrays, content))


MODEL = Model(
    name="ordinal_ridge",
    title="ordinal ridge",
    fit=fit,
    storage=Storage(to_arrays, from_arrays),
    parameters=Parameters,
    prepare=prepare,
    importances=Importances(weights),
    contributions=contributions,
    adds_log_odds=True,
    n_copies=5.0,
)
