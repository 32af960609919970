"""eSPA: boxes, their class probabilities and feature weights, learned together."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.boxes import with_boxes_for_folds
from entropice.learning.models.model import (
    Boxes,
    Candidate,
    FitSettings,
    FittedModel,
    Importances,
    Model,
    Recipe,
    Storage,
)
from entropice.learning.models.stored import only
from entropice.types import DataFrame, FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.espa import ESPAClassifier
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays
    from entropice.learning.samples import Samples


EffectiveNumber = Annotated[
    float, Field(gt=1, description="effective number of features, exp of the entropy of their weights, that is held")
]
PriorWeight = Annotated[
    float,
    Field(ge=0, description="weight of the prevalence in the class probabilities of every box, of a total of 1"),
]


class Parameters(StrictModel):
    """One candidate of eSPA in the convention "plain", for features scaled to [0, 1]."""

    n_boxes: int = Field(ge=2, description="boxes to start with; empty ones are dropped")
    n_effective_features: EffectiveNumber = 16.0
    eps_class: float = Field(gt=0, description="strength of the label term")
    prior_weight: PriorWeight
    n_init: int = Field(ge=1, description="random starts; the lowest objective is kept")
    n_init_search: int = Field(ge=1, description="random starts while candidates are compared")


def make(recipe: Recipe, starts: str = "n_init") -> "ESPAClassifier":
    """Make the unfitted classifier, with as many starts as the named parameter says: ``n_init``, ``n_init_search``.

    It scales each feature to [0, 1] over the rows of the fit, and has no pseudo-count. It is an
    `entropice.espa.ESPAClassifier` with the recipe's ``n_boxes n_effective_features eps_class prior_weight``, seed and
    device, and its own defaults for all else.
    """
    from entropice.espa import ESPAClassifier

    given = recipe.parameters
    return ESPAClassifier(
        given["n_boxes"],
        n_effective_features=given["n_effective_features"],
        eps_class=given["eps_class"],
        pseudo_count=0.0,
        # One pull is enough: a pseudo-count would draw boxes to equal classes, this one to how frequent they are.
        prior_weight=given["prior_weight"],
        n_init=given[starts],
        device=recipe.device,
        random_state=recipe.random_seed,
    )


def fit(samples: "Samples", class_codes: IntArray, inner_folds: "InnerFolds", settings: FitSettings) -> FittedModel:
    """Choose among the candidates by the inner folds, then fit all rows by the features that are known in them.

    Features of the samples are (n, n_feature), class codes (n,). A feature that no row knows is not seen. The score of
    the fit is that of `choose_parameters`. Class codes of one class alone are a ValueError of the classifier.

    Raises
    ------
    LabelError
        As `choose_parameters`.
    """
    from entropice.learning.tuning import known_features

    names = tuple(known_features(samples.features))
    parameters, log_score = choose_parameters(inner_folds, settings)
    recipe = Recipe(parameters, settings.random_seed, settings.device, names)
    return FittedModel(make(recipe).fit(samples.named(names), class_codes), recipe, log_score)


def choose_parameters(inner_folds: "InnerFolds", settings: FitSettings) -> tuple[Candidate, float]:
    """Return the candidate with the lowest log loss over the inner folds, and its log score.

    All are fitted together. The log score is, in nats, the mean over folds, each counting alike, of the mean log
    probability of the true class in the fold's test rows (of 1e-4 where it is less): 0 at best, −9.21 at worst. Of
    equals the first is taken; one candidate alone needs no fit, and has NaN for a score. While candidates are compared,
    all have as many random starts as the first of them asks for (``n_init_search``).

    Raises
    ------
    LabelError
        If every candidate has more boxes than there are rows to train on, or no inner fold has two classes.
    """
    from entropice.learning.tuning import choose

    candidates = with_boxes_for_folds(MODEL, settings.candidates, inner_folds)
    return choose(settings.title, candidates, lambda: _compare_together(candidates, inner_folds, settings))


def _compare_together(candidates: Sequence[Candidate], inner_folds: "InnerFolds", settings: FitSettings) -> FloatArray:
    """Log scores (n_candidate, n_fold), by one search that shares the products over the rows."""
    import numpy as np

    from entropice.espa import ESPASearch
    from entropice.learning.tuning import log_score_of_all_classes

    # What is not varied here, the number of starts among it, is that of the first candidate.
    varied = ("n_boxes", "n_effective_features", "eps_class", "prior_weight")
    search = ESPASearch(
        make(Recipe(candidates[0], settings.random_seed, settings.device, None), starts="n_init_search"),
        param_grid=[{name: [each[name]] for name in varied} for each in candidates],
        scoring=log_score_of_all_classes(inner_folds.n_classes),
        cv=inner_folds.splits,
    )
    search.fit(inner_folds.samples.named(inner_folds.known_features), inner_folds.class_codes)
    return np.stack([search.cv_results_[f"split{fold}_test_score"] for fold in range(len(inner_folds.splits))], axis=1)


def box_of(fitted: FittedModel, features: DataFrame) -> IntArray:
    """The box (n,), from 0, that each row of features (n, n_feature) falls into: the nearest, of equals the first.

    An unknown value (NaN) is left out of the distance; a row without any falls into the first box. What nearest means
    says `box_metric`.

    Raises
    ------
    ValueError
        For other features than those of the fit, or infinite values.
    """
    boxes: IntArray = fitted.estimator.box_of(features)
    return boxes


def box_centers(fitted: FittedModel) -> FloatArray:
    """Centres (K, n_feature), in the units of the features, boxes by their numbers."""
    centers: FloatArray = fitted.estimator.box_centers_
    return centers


def box_metric(fitted: FittedModel) -> FloatArray:
    """Factors (n_feature,) of a distance: a row x lies ``Σ_d metric_d (x_d − center_d)²`` from a centre.

    The model's metric over the squared scale of a feature, so that differences are in the units of the features.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> estimator = SimpleNamespace(feature_metric_=np.array([1.0, 3.0]), feature_scale_=np.array([2.0, 1.0]))
    >>> box_metric(FittedModel(estimator, Recipe({}, 0, "cpu", ("rain", "slope")))).tolist()
    [0.25, 3.0]
    """
    metric: FloatArray = fitted.estimator.feature_metric_ / fitted.estimator.feature_scale_**2
    return metric


def weights(fitted: FittedModel) -> FloatArray:
    """Feature weights (n_feature,), not negative, sum 1, in the order of the features; 0 of a constant one."""
    own: FloatArray = fitted.estimator.feature_weights_
    return own


def contributions(fitted: FittedModel, features: DataFrame) -> FloatArray:
    """Split the margin by which a row prefers its box to the nearest other box over the features, exactly.

    The contributions ``V_d [(x_d − s_other,d)² − (x_d − s_own,d)²]`` (n, n_feature), with V the model's metric over
    the squared feature scale, sum to the difference of the two distances. A missing value contributes 0, and so does
    every value where the model has one box.

    Examples
    --------
    Boxes at 0 and 4 of one feature: 1 lies 1 from its own and 9 from the other, squared.

    >>> import numpy as np
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> parts = {"box_centers_": np.array([[0.0], [4.0]]), "feature_metric_": np.ones(1), "feature_scale_": np.ones(1)}
    >>> estimator = SimpleNamespace(**parts, distances=lambda rows: (rows.to_numpy() - np.array([0.0, 4.0])) ** 2)
    >>> contributions(FittedModel(estimator, Recipe({}, 0, "cpu", ("rain",))), pd.DataFrame({"rain": [1.0]})).tolist()
    [[8.0]]
    """
    import numpy as np

    model = fitted.estimator
    if len(model.box_centers_) < 2:
        return np.zeros(features.shape)
    rows = np.arange(len(features))
    distances = model.distances(features)
    own = distances.argmin(axis=1)
    distances[rows, own] = np.inf
    other = distances.argmin(axis=1)
    values, centers = features.to_numpy(dtype=np.float64), model.box_centers_
    # Squares, not the linear difference that they come to: a feature that is not known then drops out by itself.
    squares = (values - centers[other]) ** 2 - (values - centers[own]) ** 2
    return np.where(np.isnan(squares), 0.0, box_metric(fitted) * squares)


def to_arrays(fitted: FittedModel, _: Any, __: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take the classifier apart by its own rules into arrays and a JSON document; no training rows are kept.

    Arrays are float64, among them ``box_centers`` (K, n_feature), ``box_class_probabilities`` (n_class, K) and
    ``feature_weights`` (n_feature,); all are listed in `entropice.espa.persistence`, as are the entries of the
    document.
    """
    from entropice.espa import to_arrays

    return to_arrays(fitted.estimator)


def from_arrays(arrays: "NamedArrays", content: Mapping[str, Any], _: Recipe) -> Any:
    """Put it together again, bit for bit, without the recipe.

    Raises
    ------
    ValueError
        For what no such classifier gives.
    """
    from entropice.espa import ESPAClassifier, from_arrays

    return only(ESPAClassifier, from_arrays(arrays, content))


MODEL = Model(
    name="espa",
    title="eSPA",
    fit=fit,
    storage=Storage(to_arrays, from_arrays),
    parameters=Parameters,
    importances=Importances(weights),
    contributions=contributions,
    boxes=Boxes(box_of, box_centers, box_metric),
    boxes_parameter="n_boxes",
)
