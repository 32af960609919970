"""Choose eSPA's parameters: every candidate on every fold from every start, fitted together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.metrics import check_scoring
from sklearn.model_selection import ParameterGrid
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from entropice.espa.classifier import ESPAClassifier
from entropice.espa.data.rows import Rows, rows_of
from entropice.espa.data.training_data import prepare_training_data
from entropice.espa.data.validation import (
    check_class_weight,
    check_rows_and_labels,
    check_splits,
    names_of,
    share_features,
)
from entropice.espa.fitting import fit_together
from entropice.espa.updates import FLOOR

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Split = tuple[Indices, Indices]

FIXED: Final = ("dtype", "device")
"""Parameters that a search does not vary: all its fits share the rows."""


def log_score(model: Any, X: Any, y: Any, sample_weight: Any = None) -> float:
    """Mean log probability of the true classes, floored at 1e-12, as for a class that the fit has not seen.

    Rows X (T, D), classes y (T,), weights (T,) or None; at most 0, greater is better. It is the logarithmic score of
    Good (1952), which is strictly proper: ``Σ_t w_t log max(p_t, 1e-12) / Σ_t w_t`` with p_t the probability of the
    row's own class. `model` has ``predict_proba`` and ``classes_``, ascending. ZeroDivisionError where weights sum to
    0.

    Examples
    --------
    Probabilities 1/4 and 3/4: the mean logarithm is that of their geometric mean. A class that is not known scores the
    floor.

    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> said = np.array([[0.25, 0.75], [0.25, 0.75]])
    >>> model = SimpleNamespace(classes_=np.array([0, 1]), predict_proba=lambda X: said)
    >>> round(float(np.exp(log_score(model, None, np.array([0, 1])))) ** 2, 9), 3 / 16
    (0.1875, 0.1875)
    >>> round(float(np.exp(log_score(model, None, np.array([0, 2]), [0.0, 1.0]))), 18)
    1e-12
    """
    probabilities = model.predict_proba(X)
    # A class that a fold's training rows lack has no column: its rows score the floor, and do not drop out, or a model
    # would gain by folds that lack the rare class.
    columns = np.searchsorted(model.classes_, y)
    is_known = np.isin(y, model.classes_)
    own = probabilities[np.arange(len(y)), np.where(is_known, columns, 0)]
    return float(np.average(np.log(np.maximum(np.where(is_known, own, 0.0), FLOOR)), weights=sample_weight))


class ESPASearch(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Compare candidates of `ESPAClassifier` by cross-validation and refit the best.

    Folds are weightings of the same rows (0 outside a fold), so that all fits share their products over the rows; each
    gives what it would give on its own.

    Parameters
    ----------
    estimator
        The `ESPAClassifier` whose parameters are varied; None for the default one.
    param_grid
        Values to try by parameter, or a list of such grids.
    scoring
        A name that scikit-learn knows, or a callable ``scorer(estimator, X, y)``; greater is better. Where `fit` is
        given weights, the scorer gets them as ``sample_weight``.
    cv
        Number of stratified folds, a splitter (of spatial groups, say), or an iterable of (train, test) indices.

    Attributes
    ----------
    best_estimator_, best_params_, best_index_, best_score_
        The candidate with the highest mean score, the first of equals, refitted to all rows.
    cv_results_
        ``params``, ``split<i>_test_score``, ``mean_test_score``, ``std_test_score``, ``rank_test_score``.
    n_splits_
        Number of folds.

    Examples
    --------
    One box cannot tell the classes apart, two can.

    >>> import numpy as np
    >>> X = np.concatenate([np.linspace(0.0, 0.2, 6), np.linspace(0.8, 1.0, 6)])[:, None]
    >>> y = np.where(X[:, 0] > 0.5, "some", "none")
    >>> base = ESPAClassifier(n_init=2, device="cpu", random_state=0)
    >>> search = ESPASearch(base, param_grid={"n_boxes": [1, 2]}, cv=3).fit(X, y)
    >>> search.best_params_, search.n_splits_
    ({'n_boxes': 2}, 3)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "estimator": [ESPAClassifier, None],
        "param_grid": [dict, list],
        "scoring": [str, callable],
        "cv": ["cv_object"],
    }

    def __init__(
        self,
        estimator: ESPAClassifier | None = None,
        *,
        param_grid: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Sequence[Any]]],
        scoring: str | Callable[..., float] = log_score,
        cv: int | Iterable[Split] | Any = 5,
    ) -> None:
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.cv = cv

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Compare all candidates on rows X (T, D) with classes y (T,), then refit the best to all rows.

        NaN in X is missing; weights (T,) are not negative, None weighs all rows alike. Rows of weight 0 take part
        neither in fits nor in scores. Groups (T,) go to the splitter. Best is the highest mean of the scores of the
        folds, each fold counting alike, and the first of equals. Returned is the search itself, with the attributes of
        the class set.

        Raises
        ------
        ValueError
            If the grid is empty or varies what a search cannot, a fold has no row to test on, a score is not finite, or
            as `ESPAClassifier.fit`, for the training rows of any fold.

        Warns
        -----
        ConvergenceWarning
            If a fit still improved after ``max_iter`` sweeps.
        """
        self._validate_params()
        params = self._params()
        table, y = check_rows_and_labels(self, X, y)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, y, dtype=np.float64, ensure_non_negative=True)
        splits = [(train, test[weights[test] > 0]) for train, test in check_splits(self.cv, y, groups)]
        _check_tests(splits)
        base, *candidates = [self._candidate(each) for each in [{}, *params]]
        scorer = check_scoring(base, self.scoring)
        classes = np.unique(y[weights > 0])
        for candidate in candidates:
            check_class_weight(candidate.class_weight, classes)
        rows = rows_of(table, base.dtype)
        fitted = self._fit_candidates(candidates, splits, rows, y, weights)
        scores = np.empty((len(params), len(splits)))
        for fold, (_, test) in enumerate(splits):
            tested = X.iloc[test] if hasattr(X, "iloc") else rows.pick(test)
            extra = {} if sample_weight is None else {"sample_weight": weights[test]}
            scores[:, fold] = [scorer(row[fold], tested, y[test], **extra) for row in fitted]
        _check_scores(scores, fitted)
        self._record(params, scores)
        self.best_estimator_ = self._candidate(self.best_params_).fit(X, y, sample_weight=sample_weight)
        self.classes_ = self.best_estimator_.classes_
        return self

    def _candidate(self, params: Mapping[str, Any]) -> ESPAClassifier:
        base = ESPAClassifier() if self.estimator is None else self.estimator
        candidate: ESPAClassifier = clone(base).set_params(
            **{name: clone(value, safe=False) for name, value in params.items()}
        )
        candidate._validate_params()
        return candidate

    def _params(self) -> list[dict[str, Any]]:
        params = list(ParameterGrid(self.param_grid))
        if not params:
            raise ValueError("param_grid is empty: give at least one value to try.")
        fixed = [name for name in FIXED if any(name in each for each in params)]
        if fixed:
            raise ValueError(f"param_grid cannot vary {fixed[0]}: set it on the estimator.")
        return params

    def _fit_candidates(
        self, candidates: list[ESPAClassifier], splits: list[Split], rows: Rows, y: Any, weights: Floats
    ) -> list[list[ESPAClassifier]]:
        """Fitted classifiers by candidate and fold."""
        by_fold = [[copy(candidate) for _ in splits] for candidate in candidates]
        # A fold is a weighting of the same rows: all fits then share one table, and the product with the boxes of every
        # candidate on every fold is one matrix product. Counts, since a splitter may give a row twice.
        in_fold = np.array([np.bincount(train, minlength=len(y)) for train, _ in splits])
        names = [f"the training rows of fold {fold}" for fold in range(len(splits))]
        data = prepare_training_data(rows, y, weights * in_fold, names_of(self), names)
        flat = [candidate for row in by_fold for candidate in row]
        fold_of = list(range(len(splits))) * len(candidates)
        for candidate, fitted in zip(flat, fit_together(flat, data, fold_of), strict=True):
            candidate.adopt(fitted)
            share_features(self, candidate)
        return by_fold

    def _record(self, params: list[Any], scores: Floats) -> None:
        means = scores.mean(axis=1)
        self.n_splits_ = scores.shape[1]
        self.best_index_ = int(means.argmax())
        self.best_score_ = float(means[self.best_index_])
        self.best_params_ = params[self.best_index_]
        self.cv_results_ = {
            "params": params,
            "mean_test_score": means,
            "std_test_score": scores.std(axis=1),
            "rank_test_score": rankdata(-means, method="min").astype(np.int32),
        } | {f"split{fold}_test_score": column for fold, column in enumerate(scores.T)}

    @property
    def feature_importances_(self) -> Floats:
        """Feature weights (D,) of the best candidate; NotFittedError before a fit."""
        check_is_fitted(self)
        return self.best_estimator_.feature_weights_

    def predict_proba(self, X: Any) -> Floats:
        """Class probabilities (T, M) of rows X (T, D) by the best candidate, in the order of ``classes_``.

        NaN is missing.

        Sizes: T rows, D features, M classes.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        check_is_fitted(self)
        return self.best_estimator_.predict_proba(X)

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,) of rows X (T, D) by the best candidate, ties to the first.

        NaN is missing.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        check_is_fitted(self)
        return self.best_estimator_.predict(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _check_tests(splits: list[Split]) -> None:
    for fold, (_, test) in enumerate(splits):
        if not len(test):
            raise ValueError(f"Fold {fold} has no row of positive weight to test on.")


def _check_scores(scores: Floats, fitted: list[list[ESPAClassifier]]) -> None:
    if not np.isfinite(scores).all():
        candidate, fold = np.argwhere(~np.isfinite(scores))[0]
        raise ValueError(f"The score of {fitted[candidate][fold]} on fold {fold} is {scores[candidate, fold]}.")
