"""Multinomial logistic regression on standardised features, medians in place of missing values."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.model import Candidate, FittedModel, Importances, Model, Recipe, Storage
from entropice.learning.models.tabular import fit_features
from entropice.types import FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays


class Parameters(StrictModel):
    """One candidate."""

    C: float = Field(gt=0, description="inverse strength of the pull of the coefficients to 0")


def make(recipe: Recipe) -> Any:
    """Make the unfitted pipeline: impute medians, standardise, regress by the recipe's ``C``.

    The regression takes 2,000 iterations at most. All else is as in scikit-learn (lbfgs, ridge penalty).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from entropice.learning.models.adapters import median_imputer

    # The imputer makes an array of its own: the scaler needs no other.
    scaler, regression = StandardScaler(copy=False), LogisticRegression(**recipe.parameters, max_iter=2000)
    return make_pipeline(median_imputer(), scaler, regression)


def compare_along_path(
    make_candidate: Callable[[Candidate], Any], candidates: Sequence[Candidate], inner_folds: "InnerFolds"
) -> FloatArray:
    """Log scores (n_candidate, n_fold), in nats, each fit begun where that of the next stronger pull to 0 ended.

    In the order of the candidates, each with its ``C``; they share what is done to the features of a fold. A score is
    the mean log probability of the true class in a fold's test rows (`tuning.log_score_of_all_classes`), 0 at best.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`.
    """
    import numpy as np

    from entropice.learning.tuning import log_score_of_all_classes

    codes = inner_folds.class_codes
    features = inner_folds.samples.named(inner_folds.known_features)
    score = log_score_of_all_classes(inner_folds.n_classes)
    # From the strongest pull on: coefficients grow from near 0, and each fit begins near where it ends.
    order = sorted(range(len(candidates)), key=lambda number: candidates[number]["C"])
    scores = np.empty((len(candidates), len(inner_folds.splits)))
    for fold, (train, test) in enumerate(inner_folds.splits):
        *preparation, regression = make_candidate(candidates[0])
        regression.set_params(warm_start=True)
        seen, tested = features.iloc[train], features.iloc[test]
        for step in preparation:
            seen, tested = step.fit_transform(seen), step.transform(tested)
        for number in order:
            regression.set_params(**candidates[number]).fit(seen, codes[train])
            scores[number, fold] = score(regression, tested, codes[test])
    return scores


def weights(fitted: FittedModel) -> FloatArray:
    """Share (n_feature,) of each feature in the sum of absolute coefficients on standardised features.

    Over all classes; equal shares where all coefficients are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> pipeline = [SimpleNamespace(coef_=np.array([[1.0, -3.0]]))]
    >>> weights(FittedModel(pipeline, Recipe({}, 0, "cpu", ("rain", "slope")))).tolist()
    [0.25, 0.75]
    """
    import numpy as np

    sizes = np.abs(fitted.estimator[-1].coef_).sum(axis=0)
    total = sizes.sum()
    # A ridge can hold all coefficients at 0: then no feature counts for more than another.
    shares: FloatArray = sizes / total if total > 0 else np.full(len(sizes), 1 / len(sizes))
    return shares


def to_arrays(fitted: FittedModel, _: Any, __: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Keep medians, means and scales (n_feature,), coefficients (n_row, n_feature), intercepts (n_row,) and classes.

    One row of coefficients for two classes, else one a class. By the names ``medians means scales coefficients
    intercepts classes``; the document is empty, and rows and codes are not kept.
    """
    imputer, scaler, regression = fitted.estimator
    return {
        "medians": imputer.statistics_,
        "means": scaler.mean_,
        "scales": scaler.scale_,
        "coefficients": regression.coef_,
        "intercepts": regression.intercept_,
        "classes": regression.classes_,
    }, {}


def from_arrays(arrays: "NamedArrays", _: Mapping[str, Any], recipe: Recipe) -> Any:
    """Make the pipeline again: an imputer fitted to a row of medians has these medians.

    Raises
    ------
    ValueError
        For an array of another shape, or one that is not finite.
    KeyError
        One of the six arrays is lacking.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> recipe, rows = Recipe({"C": 1.0}, 0, "cpu", ("rain",)), pd.DataFrame({"rain": [1.0, 2.0, np.nan, 4.0]})
    >>> fitted = FittedModel(make(recipe).fit(rows, [0, 0, 1, 1]), recipe)
    >>> arrays, document = to_arrays(fitted, None, None)
    >>> again = from_arrays(arrays, document, recipe)
    >>> bool((again.predict_proba(rows) == fitted.estimator.predict_proba(rows)).all())
    True
    """
    _check(arrays, len(recipe.feature_names or ()))
    # Not skops or pickle: six arrays say all, and can be checked for shape before anything is made of them.
    pipeline = make(recipe)
    imputer, scaler, regression = (step for _, step in pipeline.steps)
    imputer.fit(_row_of_medians(arrays["medians"], recipe))
    scaler.mean_, scaler.scale_ = arrays["means"], arrays["scales"]
    regression.coef_, regression.intercept_ = arrays["coefficients"], arrays["intercepts"]
    regression.classes_ = arrays["classes"]
    scaler.n_features_in_ = regression.n_features_in_ = len(arrays["means"])
    return pipeline


def _row_of_medians(medians: Any, recipe: Recipe) -> Any:
    import pandas as pd

    return pd.DataFrame([medians], columns=list(recipe.feature_names or ()))


def _check(arrays: "NamedArrays", n_features: int) -> None:
    """Every array fits the others, and is finite."""
    import numpy as np

    n_rows = len(arrays["intercepts"])
    shapes: dict[str, tuple[int, ...]] = {
        "medians": (n_features,),
        "means": (n_features,),
        "scales": (n_features,),
        "intercepts": (n_rows,),
    }
    shapes |= {"coefficients": (n_rows, n_features), "classes": (2 if n_rows == 1 else n_rows,)}
    for name, shape in shapes.items():
        if arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise ValueError(f"array {name} has shape {arrays[name].shape}, expected {shape}, all finite")


MODEL = Model(
    name="logistic",
    title="logistic regression",
    fit=partial(fit_features, make, compare_candidates=compare_along_path),
    storage=Storage(to_arrays, from_arrays),
    parameters=Parameters,
    importances=Importances(weights),
    n_copies=4.0,
)
