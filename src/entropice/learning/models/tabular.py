"""What models share: tune a classifier, fit it to the features that are known or to places, keep its recipe."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from entropice.learning.models.model import Candidate, Device, FitSettings, FittedModel, Recipe, Storage
from entropice.types import FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays
    from entropice.learning.samples import Samples

Make = Callable[[Recipe], Any]
"""Makes an unfitted classifier."""

Compare = Callable[[Callable[[Candidate], Any], Sequence[Candidate], "InnerFolds"], FloatArray]
"""Log scores (n_candidate, n_fold) of the classifiers that are made of candidates, over the inner folds."""


def on_cpu(_: Device) -> Literal["cpu"]:
    """Compute on the CPU, whatever is asked for: there is nothing else."""
    return "cpu"


def fit_features(
    make: Make,
    samples: "Samples",
    class_codes: IntArray,
    inner_folds: "InnerFolds",
    settings: FitSettings,
    device_of: Callable[[Device], Device] = on_cpu,
    compare_candidates: Compare | None = None,
) -> FittedModel:
    """Choose among the candidates by log loss over the inner folds, then fit all rows.

    Features of the samples are (n, n_feature), class codes (n,). Features without a value in the rows are not seen.
    `make` makes the unfitted classifier of a recipe, `device_of` says where it is computed. Without a way to compare
    candidates, each is fitted alone; one candidate needs no comparison, and its score is NaN.

    Raises
    ------
    LabelError
        If candidates are compared and no inner fold has two classes.
    ConfigError
        If `device_of` cannot have what settings ask for, or the classifier asks for a package that is not installed.
    ValueError
        The classifier cannot be fitted to these rows: none of them, or one class where it needs two.
    """
    from entropice.learning.tuning import choose, compare_one_by_one, known_features

    device, names = device_of(settings.device), tuple(known_features(samples.features))
    score_all = compare_candidates or compare_one_by_one

    def recipe_of(parameters: Candidate) -> Recipe:
        return Recipe(parameters, settings.random_seed, device, names)

    def compare() -> FloatArray:
        return score_all(lambda each: make(recipe_of(each)), settings.candidates, inner_folds)

    parameters, log_score = choose(settings.title, settings.candidates, compare)
    recipe = recipe_of(parameters)
    return FittedModel(make(recipe).fit(samples.named(names), class_codes), recipe, log_score)


def fit_coordinates(
    make: Make, samples: "Samples", class_codes: IntArray, _: "InnerFolds", settings: FitSettings
) -> FittedModel:
    """Fit a model that sees the place alone, coordinates (n, 2) with class codes (n,), and has nothing to choose.

    On the CPU; the inner folds are not looked at.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from sklearn.dummy import DummyClassifier
    >>> from entropice.learning.samples import Samples
    >>> samples = Samples(pd.DataFrame(index=range(4)), np.zeros((4, 2)), np.zeros(4, np.uint64))
    >>> settings = FitSettings("prevalence", ({},), random_seed=0, device="cpu")
    >>> make = lambda recipe: DummyClassifier(strategy="prior")
    >>> fitted = fit_coordinates(make, samples, np.array([0, 0, 0, 1]), None, settings)
    >>> fitted.predict_proba(samples, 2)[0].tolist(), fitted.recipe.feature_names
    ([0.75, 0.25], None)
    """
    recipe = Recipe({}, settings.random_seed, "cpu", None)
    return FittedModel(make(recipe).fit(samples.coordinates_m, class_codes), recipe)


def refitted(make: Make, device_of: Callable[[Device], Device] = on_cpu) -> Storage:
    """Keep the training rows, and fit them again on the way back; probabilities kept beside them must come out again.

    For classifiers that cannot be taken apart, but fit the same rows with the same parameters and seed the same way.
    Arrays are ``rows`` (n, n_feature), ``class_codes`` (n,) and ``probabilities`` (n, n_class), the document is empty.
    On the way back there is a ValueError where a probability differs by more than 1e-6. ``rows`` are what the model saw
    of the samples (`FittedModel.view`).
    """
    return Storage(_keep_rows, partial(_fit_again, make, device_of))


def _keep_rows(fitted: FittedModel, rows: Any, class_codes: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    import numpy as np

    probabilities = fitted.estimator.predict_proba(rows)
    return {"rows": np.asarray(rows), "class_codes": class_codes, "probabilities": probabilities}, {}


def _fit_again(
    make: Make,
    device_of: Callable[[Device], Device],
    arrays: "NamedArrays",
    _: Mapping[str, Any],
    recipe: Recipe,
) -> Any:
    import numpy as np

    rows = named(arrays["rows"], recipe)
    recipe = replace(recipe, device=device_of(recipe.device))
    estimator = make(recipe).fit(rows, arrays["class_codes"])
    # Another version of a library may fit otherwise: what it says of its own training rows shows that.
    found, stored = estimator.predict_proba(rows), arrays["probabilities"]
    if found.shape != stored.shape or not np.allclose(found, stored, rtol=0, atol=1e-6):
        raise ValueError("fitted again, the model gives other probabilities than those that are stored")
    return estimator


def named(rows: Any, recipe: Recipe) -> Any:
    """Rows (n, n_feature) as the model saw them: a frame where it sees features, else coordinates as they are.

    Examples
    --------
    >>> named([[3.0]], Recipe({}, 0, "cpu", ("slope_deg",))).to_dict("list")
    {'slope_deg': [3.0]}
    """
    import pandas as pd

    return rows if recipe.feature_names is None else pd.DataFrame(rows, columns=list(recipe.feature_names))
