"""Choose eSPA's parameters: every candidate on every fold from every start, fitted together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.metrics import check_scoring
from sklearn.model_selection import ParameterGrid, check_cv
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from entropice.espa.classifier import ESPAClassifier
from entropice.espa.evidence import gather_evidence
from entropice.espa.fitting import fit_together
from entropice.espa.rows import rows_of
from entropice.espa.validation import check_rows_and_labels, names_of

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Split = tuple[Indices, Indices]


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
        Anything scikit-learn takes: a name, or a callable ``scorer(estimator, X, y)``; greater is better.
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
        scoring: str | Callable[[Any, Any, Any], float] = "neg_log_loss",
        cv: int | Iterable[Split] | Any = 5,
    ) -> None:
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.cv = cv

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Compare all candidates on rows X (T, D) with classes y (T,), then refit the best to all rows.

        Weights act on fits, not on scores. Groups (T,) go to the splitter.

        Raises
        ------
        ValueError
            As `ESPAClassifier.fit`, for the training rows of any fold.
        """
        self._validate_params()
        rows, y = check_rows_and_labels(self, X, y)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, y, dtype=np.float64, ensure_non_negative=True)
        splits = list(check_cv(self.cv, y, classifier=True).split(X, y, groups))
        params = list(ParameterGrid(self.param_grid))
        scores = self._scores(params, splits, rows, y, weights)
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

    def _scores(self, params: list[Any], splits: list[Split], rows: Any, y: Any, weights: Floats) -> Floats:
        """Scores (candidates, folds)."""
        candidates = [self._candidate(each) for each in params for _ in splits]
        fold_of = list(range(len(splits))) * len(params)
        in_fold = np.array([np.bincount(train, minlength=len(y)) for train, _ in splits])
        read = rows_of(rows, candidates[0].dtype)
        evidence = gather_evidence(read, y, weights * in_fold, names_of(self))
        for candidate, fitted in zip(candidates, fit_together(candidates, evidence, fold_of), strict=True):
            candidate.adopt(fitted)
            candidate.n_features_in_ = self.n_features_in_
        scorer = check_scoring(candidates[0], self.scoring)
        tests = [(read.pick(test), y[test]) for _, test in splits]
        scores = [scorer(candidate, *tests[fold]) for candidate, fold in zip(candidates, fold_of, strict=True)]
        return np.array(scores).reshape(len(params), len(splits))

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
        """Feature weights (D,) of the best candidate."""
        check_is_fitted(self)
        return self.best_estimator_.feature_weights_

    def predict_proba(self, X: Any) -> Floats:
        """Class probabilities (T, M) by the best candidate."""
        check_is_fitted(self)
        return self.best_estimator_.predict_proba(X)

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,) by the best candidate."""
        check_is_fitted(self)
        return self.best_estimator_.predict(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
