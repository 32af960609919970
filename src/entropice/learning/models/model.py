"""What every model declares, and what a fit gives back.

This module and those of the models import nothing heavy at the top: parameters know every model before a run begins.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, FeatureError
from entropice.types import DataFrame, FloatArray, IntArray

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.samples import Samples

    NamedArrays = Mapping[str, NDArray[np.generic]]

BEST: Final = "best"
"""In place of a model's name: the best of inner spatial folds, as `entropice.learning.best` finds it."""

Device = Literal["auto", "cpu", "cuda"]
Candidate = Mapping[str, Any]


@dataclass(frozen=True)
class FitSettings:
    """What parameters say about the fits of one model.

    Attributes
    ----------
    title
        Of the model.
    candidates
        Parameters to choose from; at least one.
    random_seed
        Of everything random in a fit.
    device
        Where fits are computed.
    """

    title: str
    candidates: Sequence[Candidate]
    random_seed: int
    device: Device


@dataclass(frozen=True)
class Recipe:
    """What an estimator is made from, beside its training rows.

    Attributes
    ----------
    parameters
        The chosen candidate.
    random_seed, device
        As in `FitSettings`.
    feature_names
        Features it sees, in order; None for a model that sees the place alone.
    """

    parameters: Candidate
    random_seed: int
    device: Device
    feature_names: tuple[str, ...] | None


@dataclass(frozen=True)
class FittedModel:
    """A fitted classifier with ``classes_`` and ``predict_proba``, and what it was made from.

    Attributes
    ----------
    estimator
        The classifier; its ``classes_`` are class codes.
    recipe
        Parameters, seed, device and features.
    inner_log_score
        Mean log score of the chosen candidate over the inner folds; NaN where there was nothing to compare.
    """

    estimator: Any
    recipe: Recipe
    inner_log_score: float = float("nan")

    def view(self, samples: "Samples") -> Any:
        """What the model sees of samples: its features as a frame (n, n_feature), or coordinates (n, 2).

        Features are in the order of the fit, whatever others there are.

        Raises
        ------
        FeatureError
            If the samples lack one of its features.

        Examples
        --------
        >>> import numpy as np, pandas as pd
        >>> from entropice.learning.samples import Samples
        >>> features = pd.DataFrame({"rain": [1.0], "slope": [2.0], "aspect": [3.0]})
        >>> samples = Samples(features, np.array([[7.0, 8.0]]), np.zeros(1, np.uint64))
        >>> list(FittedModel(None, Recipe({}, 0, "cpu", ("slope", "rain"))).view(samples))
        ['slope', 'rain']
        >>> FittedModel(None, Recipe({}, 0, "cpu", feature_names=None)).view(samples).tolist()
        [[7.0, 8.0]]
        """
        names = self.recipe.feature_names
        if names is None:
            return samples.coordinates_m
        missing = [name for name in names if name not in samples.features]
        if missing:
            raise FeatureError(
                "The model was fitted to features that are not there.",
                field=", ".join(missing),
                expected=f"{len(names)} features",
                fix="fit it again: kedro run --pipelines modelling",
            )
        return samples.named(names)

    def predict_proba(self, samples: "Samples", n_classes: int) -> FloatArray:
        """Return probabilities (n, n_classes) by class code; a class without training rows has probability 0.

        Raises
        ------
        FeatureError
            If the samples lack one of its features.
        """
        from entropice.learning.samples import predict_all_classes

        return predict_all_classes(self.estimator, self.view(samples), n_classes)


@dataclass(frozen=True)
class Storage:
    """How a fitted model is kept as plain arrays and a JSON document, without pickle.

    Attributes
    ----------
    to_arrays
        Takes a fitted model apart; also given what it saw of its training rows, and their class codes (n,).
    from_arrays
        Makes the estimator again, from the arrays, the document and the recipe.
    """

    to_arrays: "Callable[[FittedModel, Any, IntArray], tuple[NamedArrays, dict[str, Any]]]"
    from_arrays: "Callable[[NamedArrays, Mapping[str, Any], Recipe], Any]"


def refit(fitted: FittedModel, samples: "Samples", class_codes: IntArray, **parts: Any) -> FittedModel:
    """Fit a clone of the estimator to samples (n) with other class codes (n,), in one thread as `Tuning.fit`.

    Parameters and seed stay, and so does the score of the inner folds, which is the first fit's. The given fit is not
    changed. Rows without one of the classes give a fit without it (probability 0); none, or one class where the
    classifier needs two, is a ValueError. `parts` are what else ``fit`` of the estimator is given, by name.

    Raises
    ------
    FeatureError
        If the samples lack one of its features.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from sklearn.dummy import DummyClassifier
    >>> from entropice.learning.samples import Samples
    >>> samples = Samples(pd.DataFrame({"rain": [1.0, 2.0]}), np.zeros((2, 2)), np.zeros(2, np.uint64))
    >>> estimator = DummyClassifier(strategy="prior").fit(samples.coordinates_m, [0, 1])
    >>> fitted = FittedModel(estimator, Recipe({}, 0, "cpu", feature_names=None))
    >>> other = refit(fitted, samples, np.array([1, 1]))
    >>> fitted.predict_proba(samples, 2)[0].tolist(), other.predict_proba(samples, 2)[0].tolist()
    ([0.5, 0.5], [0.0, 1.0])
    """
    from sklearn.base import clone
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return replace(fitted, estimator=clone(fitted.estimator).fit(fitted.view(samples), class_codes, **parts))


@dataclass(frozen=True)
class Importances:
    """How much a model looks at each feature.

    Attributes
    ----------
    weights
        (n_feature,) of a fitted model; they sum to 1.
    """

    weights: Callable[[FittedModel], FloatArray]


@dataclass(frozen=True)
class Prepared:
    """Rows after what a model does to each of its features by itself, for many predictions of rows much the same.

    Attributes
    ----------
    matrix
        (n, n_feature), a column for each feature, in order.
    probabilities
        (n, n_class) of such a matrix, by the estimator's ``classes_``.
    """

    matrix: FloatArray
    probabilities: Callable[[FloatArray], FloatArray]


def prepare(fitted: FittedModel, features: DataFrame) -> Prepared:
    """Rows (n, n_feature) as they are, float64, for a model of which no more is known; NaN stays NaN.

    Columns have to be in the order of the fit.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from sklearn.dummy import DummyClassifier
    >>> rows = pd.DataFrame({"rain": [1.0, np.nan]})
    >>> estimator = DummyClassifier(strategy="prior").fit(rows, [0, 1])
    >>> prepared = prepare(FittedModel(estimator, Recipe({}, 0, "cpu", ("rain",))), rows)
    >>> prepared.matrix.tolist(), prepared.probabilities(prepared.matrix).tolist()
    ([[1.0], [nan]], [[0.5, 0.5], [0.5, 0.5]])
    """
    import pandas as pd

    def probabilities(values: FloatArray) -> FloatArray:
        # A frame again: an estimator that was fitted to one warns of rows without names.
        found: FloatArray = fitted.estimator.predict_proba(pd.DataFrame(values, columns=features.columns))
        return found

    return Prepared(features.to_numpy(dtype=float), probabilities)


@dataclass(frozen=True)
class Boxes:
    """What a model that puts each row into one of K boxes says of them.

    Attributes
    ----------
    of
        The box (n,) of each row, from 0.
    centers
        (K, n_feature), in the units of the features; each lies in its own box.
    metric
        (n_feature,): a row lies in the box whose centre is nearest by the sum of metric × difference².
    """

    of: Callable[[FittedModel, DataFrame], IntArray]
    centers: Callable[[FittedModel], FloatArray]
    metric: Callable[[FittedModel], FloatArray]


@dataclass(frozen=True)
class OptionalPackage:
    """A package that not every installation has, and the extra of this project that brings it.

    Attributes
    ----------
    name
        By which it is imported.
    extra
        In ``pip install 'entropice[<extra>]'``.
    """

    name: str
    extra: str

    def check(self) -> None:
        """Pass only where the package is installed.

        Raises
        ------
        ConfigError
            Names the extra that brings it.

        Examples
        --------
        >>> OptionalPackage("no_such_package", extra="xgb").check()
        Traceback (most recent call last):
            ...
        entropice.errors.ConfigError: The package no_such_package is not installed...
        """
        if importlib.util.find_spec(self.name) is None:
            raise ConfigError(
                f"The package {self.name} is not installed.", fix=f"pip install 'entropice[{self.extra}]'"
            )


@dataclass(frozen=True)
class Model:
    """A model that can be compared and can draw the map.

    Attributes
    ----------
    name
        In parameters and tables.
    title
        For readers.
    fit
        Chooses among the candidates by the inner folds of the samples, then fits all samples and class codes (n,).
    storage
        How it is kept.
    refit
        Fits it to other samples and class codes (n,), with the parameters that were chosen.
    parameters
        What one candidate holds; None where nothing is to be chosen.
    prepare
        Does to each feature what is done to it alone, once for many predictions.
    importances
        None where it gives none.
    contributions
        What each feature (n, n_feature) adds to the decision on each row; None where it does not say.
    adds_log_odds
        Whether contributions are parts of the log-odds of any slumps, beside the mean training row.
    boxes
        None for a model without boxes, or of many whose boxes are averaged away.
    boxes_parameter
        Which parameter of a candidate says how many boxes a fit has; None for a model without, or one that
        makes fewer where there are fewer rows.
    is_reference
        Whether skill is measured against it: its own skill is 0.
    is_compulsory
        Whether every comparison must hold it.
    n_copies
        Memory that tuning, fitting and predicting takes at most, in copies of the rows (n, n_feature) in float64, as
        `benchmarks/fold_cost.py` measures it; no model has been seen to pass the default.
    requires
        An optional package that it needs.
    """

    name: str
    title: str
    fit: "Callable[[Samples, IntArray, InnerFolds, FitSettings], FittedModel]"
    storage: Storage
    refit: "Callable[[FittedModel, Samples, IntArray], FittedModel]" = refit
    parameters: type[StrictModel] | None = None
    prepare: Callable[[FittedModel, DataFrame], Prepared] = prepare
    importances: Importances | None = None
    contributions: Callable[[FittedModel, DataFrame], FloatArray] | None = None
    adds_log_odds: bool = False
    boxes: Boxes | None = None
    boxes_parameter: str | None = None
    is_reference: bool = False
    is_compulsory: bool = False
    n_copies: float = 8.0
    requires: OptionalPackage | None = None

    @property
    def is_tuned(self) -> bool:
        """Whether there is anything to choose."""
        return self.parameters is not None
