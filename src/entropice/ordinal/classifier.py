"""The ordinal ridge classifier as a scikit-learn estimator."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_feature_names_in, _check_sample_weight, check_is_fitted, validate_data

from entropice.ordinal.columns import columns_of
from entropice.ordinal.components import component_loadings
from entropice.ordinal.continuation import Stages, class_probabilities, stages_of
from entropice.ordinal.ridge_path import Solution, ridge_path
from entropice.ordinal.standardised import Standardisation, standardise_on

Floats = NDArray[np.float64]


class Ridges(NamedTuple):
    """Ridge of the first stage, and of all later ones."""

    first: float
    later: float


class OrdinalRidgeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Classify into ordered classes by continuation ratios with two ridges, linear in standardised columns.

    Classes are ordered as their labels sort. Stage 1 asks "class 1 or above?", stage j > 1 "class j or above, given
    class j - 1 or above?" (module `entropice.ordinal.continuation`):

        η_1 = a_1 + z·b,    η_j = a_j + z·c  for j > 1

    with z the columns with medians for missing values, standardised, clipped and centred on the training rows (module
    `entropice.ordinal.standardised`). b and c minimise the misfit plus ½ ``ridge`` |b|² and ½ ``later_ridge`` |c|²
    (module `entropice.ordinal.ridge_path`). With ``groups`` there are two such fits, whose logits are averaged: on the
    columns, and on the leading components of each group of them (module `entropice.ordinal.components`). Both are
    linear in z, so that the average is, too: ``coef_`` holds it, and `contributions` splits a logit exactly.

    Parameters
    ----------
    ridge, later_ridge
        Strengths of the pull of the coefficients of stage 1 and of all later stages to 0; the inverse of scikit-learn's
        ``C``. Intercepts are free.
    groups
        Label of the group of each column (D,), the exposure's being ignored; None for the columns alone.
    n_components
        Number of leading components by group, or of every group.
    exposure
        Number or name of the column of the exposure, such as the log of the area searched; None for none. It is part
        of both fits and of no component, is not clipped, and is scaled so that the ridge hardly touches it.
    clip
        Largest absolute standardised value of the other columns.
    exposure_scale
        Standard deviation of the exposure's column.
    tol
        Newton's method ends with the step that promises to lower the objective by no more than this times the weight of
        the rows.
    max_iter
        Largest number of Newton steps of one fit.

    Attributes
    ----------
    classes_
        (M,) labels, ascending.
    coef_
        (M - 1, D) coefficients on z by stage; those of later stages are equal.
    intercept_
        (M - 1,) logits of the stages at the mean training row.
    medians_, means_, scales_, limits_, centers_
        (D,), as in `entropice.ordinal.standardised.Standardisation`.
    n_iter_
        Most Newton steps of any of the fits.

    Notes
    -----
    NaN is missing. A row of weight 0 is an absent row, an integer weight a repeated row. Neither the order of rows nor
    a constant column matters.
    McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x; Tutz (1991), Computational Statistics & Data Analysis 11,
    275; le Cessie & van Houwelingen (1992), doi:10.2307/2347628.

    Examples
    --------
    Three ordered classes along one column: a row far up is of the highest.

    >>> import numpy as np
    >>> X, y = np.arange(12.0)[:, None], np.repeat([0, 1, 2], 4)
    >>> model = OrdinalRidgeClassifier(ridge=0.1, later_ridge=0.1).fit(X, y)
    >>> model.predict([[0.0], [11.0]]).tolist()
    [0, 2]
    >>> model.coef_.shape, bool((model.coef_ > 0).all())
    ((2, 1), True)
    >>> np.allclose(model.contributions(X).sum(axis=1), model.stage_logits(X)[:, 0] - model.intercept_[0])
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "ridge": [Interval(Real, 0, None, closed="neither")],
        "later_ridge": [Interval(Real, 0, None, closed="neither")],
        "groups": ["array-like", None],
        "n_components": [Mapping, Interval(Integral, 1, None, closed="left")],
        "exposure": [Integral, str, None],
        "clip": [Interval(Real, 0, None, closed="neither")],
        "exposure_scale": [Interval(Real, 0, None, closed="neither")],
        "tol": [Interval(Real, 0, None, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        ridge: float = 1.0,
        later_ridge: float = 1.0,
        *,
        groups: Sequence[Hashable] | None = None,
        n_components: Mapping[Any, int] | int = 8,
        exposure: int | str | None = None,
        clip: float = 5.0,
        exposure_scale: float = 5.0,
        tol: float = 1e-14,
        max_iter: int = 100,
    ) -> None:
        self.ridge = ridge
        self.later_ridge = later_ridge
        self.groups = groups
        self.n_components = n_components
        self.exposure = exposure
        self.clip = clip
        self.exposure_scale = exposure_scale
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit rows X (n, D), NaN is missing, with classes y (n,) and weights (n,), or None for equal ones.

        The coefficients minimise ``−Σ w log P(own class) + ½ ridge |b|² + ½ later_ridge |c|²``, b being those of the
        first stage and c those that all later ones share, on the columns as `standardised` gives them; with ``groups``
        they are the mean of that fit and of one on the components. Classes are ordered as their labels sort. Returned
        is the model itself, with the attributes of the class set.

        Raises
        ------
        ValueError
            If a parameter is out of range or does not fit the columns, an input is malformed or infinite, there is one
            class only, a weight is negative, or all are zero.

        Warns
        -----
        ConvergenceWarning
            If ``max_iter`` Newton steps did not suffice.

        Examples
        --------
        Two rows at z = −1 and 1, one of each class: the derivative of the objective is 0 where r b = 2 σ(−b).

        >>> from math import exp
        >>> model = OrdinalRidgeClassifier(ridge=0.5).fit([[-1.0], [1.0]], [0, 1])
        >>> b = float(model.coef_[0, 0])
        >>> round(b, 4), round(2 / (1 + exp(b)) / 0.5, 4)
        (1.0426, 1.0426)
        """
        self._validate_params()
        training = _training_rows(self, X, y, sample_weight)
        _adopt(self, training, _fits(self, training, [Ridges(self.ridge, self.later_ridge)])[0])
        return self

    def stage_logits(self, X: Any) -> Floats:
        """Return the logits (n, M - 1) of the stages for rows X (n, D), NaN is missing: ``z @ coef_.T + intercept_``.

        Column j − 1 is ``logit P(Y ≥ j | Y ≥ j − 1)``.

        Sizes: D columns, M classes.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.
        """
        return self._logits(self.standardised(X))

    def predict_proba(self, X: Any) -> Floats:
        """Return the class probabilities (n, M) of rows X (n, D), in the order of ``classes_``; NaN is missing.

        Of the logits η of `stage_logits`: ``P(Y = j) = σ(η_1) ⋯ σ(η_j) σ(−η_{j+1})``, the last factor missing for the
        highest class. Rows sum to 1. A missing value is taken for the median of the training rows.

        Sizes: D columns, M classes.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.

        Examples
        --------
        One row of each of two classes, as far from 0: at 0, the median, both are as likely.

        >>> model = OrdinalRidgeClassifier().fit([[-1.0], [1.0]], [0, 1])
        >>> model.predict_proba([[0.0], [float("nan")]]).round(9).tolist()
        [[0.5, 0.5], [0.5, 0.5]]
        """
        return self.probabilities_at(self.standardised(X))

    def probabilities_at(self, z: Floats) -> Floats:
        """Return the class probabilities (n, M) of rows z (n, D) as `standardised` gives them, without NaN.

        In the order of ``classes_``; the fit is taken for granted.

        Sizes: D columns, M classes.

        Examples
        --------
        At z = 0, the mean training row, the logits are the intercepts.

        >>> import numpy as np
        >>> model = OrdinalRidgeClassifier().fit(np.arange(6.0)[:, None], [0, 0, 1, 1, 2, 2])
        >>> any_class, more_given_any = 1 / (1 + np.exp(-model.intercept_))
        >>> said = np.array([1 - any_class, any_class * (1 - more_given_any), any_class * more_given_any])
        >>> np.allclose(model.probabilities_at(np.zeros((1, 1))), said)
        True
        """
        return class_probabilities(self._logits(z))

    def predict(self, X: Any) -> Any:
        """Return the most probable class (n,) of each row of X (n, D), a label of ``classes_``, ties to the first.

        NaN is missing, and taken for the median of the training rows.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.
        """
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def contributions(self, X: Any) -> Floats:
        """Return what each column (n, D) adds to the logit of stage 1, beside its value at the mean training row.

        Rows sum to the logit minus the logit at the mean row, which is ``intercept_[0]``: ``z_d coef_[0, d]`` each, in
        log-odds. Later stages have none here.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.

        Examples
        --------
        Columns of mean 0 and standard deviation 1: a row at (2, 0) has all from the first.

        >>> import numpy as np
        >>> model = OrdinalRidgeClassifier().fit([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]], [0, 1, 0, 1])
        >>> (model.contributions([[2.0, 0.0]]) / model.coef_[0, 0]).round(9).tolist()
        [[2.0, 0.0]]
        """
        parts: Floats = self.standardised(X) * self.coef_[0]
        return parts

    def standardised_coef(self) -> Floats:
        """Return by how much one standard deviation of each column moves the logits (M - 1, D), in log-odds.

        ``coef_``, but ``exposure_scale`` times that of the exposure's column, whose z has that standard deviation.

        Sizes: D columns, M classes.

        Raises
        ------
        NotFittedError
            Before a fit.
        """
        check_is_fitted(self)
        changes: Floats = self.coef_ * np.where(np.isinf(self.limits_), self.exposure_scale, 1.0)
        return changes

    def standardisation(self) -> Standardisation:
        """How columns are put on one scale, by five arrays (D,) of the training rows; arrays are shared, not copied.

        Medians, means, scales, limits and centres, in the equation of `standardised`; AttributeError before a fit.
        """
        return Standardisation(self.medians_, self.means_, self.scales_, self.limits_, self.centers_)

    def standardised(self, X: Any) -> Floats:
        """Return z (n, D) of rows X (n, D), without NaN; each column of it follows from that column of X alone.

        ``clip((x − mean) / scale, −limit, limit) − center``, with the median in place of NaN; X is not changed.

        Raises
        ------
        ValueError
            Other columns than those of the fit, or infinite values; before a fit its subclass NotFittedError.

        Examples
        --------
        Mean and median 0, standard deviation 1, clipped at 5.

        >>> model = OrdinalRidgeClassifier().fit([[-1.0], [1.0]], [0, 1])
        >>> model.standardised([[2.0], [float("nan")], [50.0]]).tolist()
        [[2.0], [0.0], [5.0]]
        """
        check_is_fitted(self)
        rows = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        return self.standardisation().apply(rows)

    def _logits(self, z: Floats) -> Floats:
        logits: Floats = z @ self.coef_.T + self.intercept_
        return logits

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def fit_path(
    model: OrdinalRidgeClassifier, X: Any, y: Any, ridges: Sequence[tuple[float, float]], sample_weight: Any = None
) -> list[OrdinalRidgeClassifier]:
    """Fit copies of a model to the same rows, one with each pair of ``(ridge, later_ridge)``, faster than one by one.

    Rows X are (n, D), NaN is missing; classes y and weights (n,), or None for equal ones. Copies come in the order of
    the pairs, one or more; a pair may occur twice. The model itself is not fitted.

    Raises
    ------
    ValueError
        As in `OrdinalRidgeClassifier.fit`.

    Examples
    --------
    Each copy is what a fit on its own gives.

    >>> import numpy as np
    >>> X, y = np.arange(6.0)[:, None], [0, 0, 1, 1, 2, 2]
    >>> weak, strong = fit_path(OrdinalRidgeClassifier(), X, y, [(0.1, 1.0), (10.0, 1.0)])
    >>> bool(weak.coef_[0, 0] > strong.coef_[0, 0] > 0)
    True
    >>> np.allclose(weak.coef_, OrdinalRidgeClassifier(ridge=0.1, later_ridge=1.0).fit(X, y).coef_)
    True
    """
    copies = [clone(model).set_params(ridge=ridge, later_ridge=later_ridge) for ridge, later_ridge in ridges]
    for each in copies:
        each._validate_params()
    training = _training_rows(copies[0], X, y, sample_weight)
    for each, fitted in zip(copies, _fits(model, training, [Ridges(*pair) for pair in ridges]), strict=True):
        _adopt(each, training, fitted)
    return copies


@dataclass(frozen=True)
class TrainingRows:
    """Rows of positive weight, standardised (n, D); their classes, stages and views (D, K)."""

    names: NDArray[np.object_] | None
    classes: NDArray[Any]
    standardisation: Standardisation
    z: Floats
    stages: Stages
    views: list[Floats | None]


class Fitted(NamedTuple):
    """Intercepts (M - 1,), coefficients (M - 1, D) and the most Newton steps."""

    intercepts: Floats
    coefficients: Floats
    n_iter: int


def _training_rows(model: OrdinalRidgeClassifier, X: Any, y: Any, sample_weight: Any) -> TrainingRows:
    rows, labels = validate_data(model, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
    check_classification_targets(labels)
    weights = _check_sample_weight(sample_weight, rows, dtype=np.float64, ensure_non_negative=True)
    columns = columns_of(_check_feature_names_in(model), model.groups, model.n_components, model.exposure)
    is_there = weights > 0
    rows, labels, weights = rows[is_there], labels[is_there], weights[is_there]
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"Rows of at least two classes are needed, got one class only: {classes.tolist()}.")
    standardisation = standardise_on(rows, weights, model.clip, columns.exposure, model.exposure_scale)
    z = standardisation.apply(rows)
    # The fit on the columns is free to weigh single ones, that on components sees what whole groups agree on; either
    # wins on some data, and the mean of their logits is still linear in z.
    views: list[Floats | None] = [None]
    if columns.groups is not None:
        views.append(component_loadings(z, weights, columns))
    return TrainingRows(
        getattr(model, "feature_names_in_", None),
        classes,
        standardisation,
        z,
        stages_of(codes, weights, len(classes)),
        views,
    )


def _fits(model: OrdinalRidgeClassifier, training: TrainingRows, ridges: Sequence[Ridges]) -> list[Fitted]:
    """Mean over the views of the fit with each pair of ridges."""
    first, later = training.stages.part(slice(0, 1)), training.stages.part(slice(1, None))
    by_view = []
    for loadings in training.views:
        # Stage 1 has all rows and its own direction; later stages have few rows each and share one. No stage of the one
        # occurs in the other, so that the two minima are found apart.
        rows = training.z if loadings is None else training.z @ loadings
        paths = [
            ridge_path(rows, stages, [pair[number] for pair in ridges], model.tol, model.max_iter)
            for number, stages in enumerate((first, later))
            if stages.weights.any()
        ]
        by_view.append(
            [_linear([path[ridge] for path, ridge in zip(paths, pair, strict=False)], loadings) for pair in ridges]
        )
    return [_mean(fits) for fits in zip(*by_view, strict=True)]


def _linear(solutions: Sequence[Solution], loadings: Floats | None) -> Fitted:
    """Solutions for the first and the later stages as coefficients on z."""
    directions = [each.direction if loadings is None else loadings @ each.direction for each in solutions]
    coefficients = [np.tile(own, (len(each.intercepts), 1)) for own, each in zip(directions, solutions, strict=True)]
    intercepts = [each.intercepts for each in solutions]
    return Fitted(np.concatenate(intercepts), np.concatenate(coefficients), max(each.n_iter for each in solutions))


def _mean(fits: Sequence[Fitted]) -> Fitted:
    return Fitted(
        np.mean([each.intercepts for each in fits], axis=0),
        np.mean([each.coefficients for each in fits], axis=0),
        max(each.n_iter for each in fits),
    )


def _adopt(model: OrdinalRidgeClassifier, training: TrainingRows, fitted: Fitted) -> None:
    model.n_features_in_ = training.z.shape[1]
    if training.names is not None:
        model.feature_names_in_ = training.names
    model.classes_ = training.classes
    for name, values in training.standardisation.arrays().items():
        setattr(model, f"{name}_", values)
    model.intercept_, model.coef_, model.n_iter_ = fitted
