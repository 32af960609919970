"""An ensemble of eSPA classifiers: averaged, calibrated, and with a measure of where its members disagree."""

import functools
from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.model_selection import check_cv
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from entropice.espa.calibration import fit_temperature, tempered
from entropice.espa.classifier import ESPAClassifier
from entropice.espa.evidence import gather_evidence
from entropice.espa.fitting import fit_together
from entropice.espa.prediction import class_probabilities
from entropice.espa.rows import Rows, rows_of
from entropice.espa.validation import check_rows, check_rows_and_labels, names_of, share_features

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class ESPAEnsemble(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Average eSPA classifiers that differ by their starts and, by default, by the weights of their rows.

    Parameters
    ----------
    estimator
        The `ESPAClassifier` to repeat; None for the default one with a single start.
    n_members
        Number of classifiers.
    resample
        ``"bootstrap"`` gives every member random weights of the rows, exponential with mean 1 (the Bayesian bootstrap
        of Rubin, 1981, doi:10.1214/aos/1176345338, which loses no class); None lets starts alone differ.
    calibrate
        ``"temperature"`` sharpens or softens the averaged probabilities by what held-out folds justify; None leaves
        them.
    cv
        Folds for the temperature: a number, a splitter, or an iterable of (train, test) indices.
    interval
        Share of the members between the ends of the intervals of feature importances.
    random_state
        Seed of weights and starts.

    Attributes
    ----------
    classes_
        (M,) class labels.
    members_
        Fitted classifiers.
    temperature_
        1 without calibration.
    feature_importances_, feature_importance_intervals_
        Mean (D,) and interval (2, D) over the members.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "estimator": [ESPAClassifier, None],
        "n_members": [Interval(Integral, 2, None, closed="left")],
        "resample": [StrOptions({"bootstrap"}), None],
        "calibrate": [StrOptions({"temperature"}), None],
        "cv": ["cv_object"],
        "interval": [Interval(Real, 0, 1, closed="neither")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator: ESPAClassifier | None = None,
        n_members: int = 20,
        *,
        resample: Literal["bootstrap"] | None = "bootstrap",
        calibrate: Literal["temperature"] | None = "temperature",
        cv: int | Iterable[tuple[Indices, Indices]] | Any = 5,
        interval: float = 0.9,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.estimator = estimator
        self.n_members = n_members
        self.resample = resample
        self.calibrate = calibrate
        self.cv = cv
        self.interval = interval
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Fit all members to rows X (T, D) with classes y (T,), and the temperature to held-out rows.

        Rows of one group (T,) stay together in folds and get the same random weight: for rows that are not
        independent, as those of one place.

        Raises
        ------
        ValueError
            As `ESPAClassifier.fit`, for the training rows of any fold.
        """
        self._validate_params()
        self.base()._validate_params()
        rows, y = check_rows_and_labels(self, X, y)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, y, dtype=np.float64, ensure_non_negative=True)
        random = check_random_state(self.random_state)
        self.classes_ = np.unique(y[weights > 0])
        read = rows_of(rows, self.base().dtype)
        drawn = self._draw_weights(random, groups, len(y))
        self.members_ = self._fit_members(random, read, y, drawn * weights)
        self.temperature_ = 1.0
        if self.calibrate is not None:
            splits = list(check_cv(self.cv, y, classifier=True).split(X, y, groups))
            held_out = [
                self._mean(
                    self._fit_members(random, read, y, drawn * weights * np.bincount(train, minlength=len(y))),
                    Rows(read.pick(test), read.dtype),
                )
                for train, test in splits
            ]
            tests = np.concatenate([test for _, test in splits])
            codes = np.searchsorted(self.classes_, y[tests])
            self.temperature_ = fit_temperature(np.concatenate(held_out), codes, weights[tests])
        return self

    def base(self) -> ESPAClassifier:
        """Return the classifier that members repeat."""
        return ESPAClassifier(n_init=1) if self.estimator is None else self.estimator

    def _fit_members(self, random: np.random.RandomState, rows: Rows, y: Any, weights: Floats) -> list[ESPAClassifier]:
        """Fit a member to each weighting (n_members, T)."""
        evidence = gather_evidence(rows, y, weights, names_of(self))
        members = [
            clone(self.base()).set_params(random_state=seed)
            for seed in random.randint(2**31, size=len(weights)).tolist()
        ]
        for member, fitted in zip(members, fit_together(members, evidence, range(len(members))), strict=True):
            member.adopt(fitted)
            share_features(self, member)
        return members

    def _draw_weights(self, random: np.random.RandomState, groups: Any, n_rows: int) -> Floats:
        """Random weights (n_members, T)."""
        if self.resample is None:
            return np.ones((self.n_members, n_rows))
        group_of = np.arange(n_rows) if groups is None else np.unique(groups, return_inverse=True)[1]
        weights: Floats = random.standard_exponential((self.n_members, group_of.max() + 1))[:, group_of]
        return weights

    def _each(self, members: list[ESPAClassifier], rows: Rows) -> Iterator[Floats]:
        """Yield class probabilities (T, M) by each member; 0 for a class that it has not seen."""
        for member in members:
            probabilities = np.zeros((rows.shape[0], len(self.classes_)))
            columns = np.searchsorted(self.classes_, member.classes_)
            probabilities[:, columns] = class_probabilities(rows, [member.boxes()])[0]
            yield probabilities

    def _mean(self, members: list[ESPAClassifier], rows: Rows) -> Floats:
        means: Floats = functools.reduce(np.add, self._each(members, rows)) / len(members)
        return means

    def _rows(self, X: Any) -> Rows:
        return rows_of(check_rows(self, X), self.base().dtype)

    def predict_proba(self, X: Any) -> Floats:
        """Class probabilities (T, M): the members' mean, calibrated."""
        return tempered(self._mean(self.members_, self._rows(X)), self.temperature_)

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,), ties to the first."""
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def epistemic_spread(self, X: Any) -> Floats:
        """How far members disagree on each row (T,), in nats: mutual information of class and member.

        Entropy of the mean minus mean of the entropies (Houlsby et al., 2011, arXiv:1112.5745): 0 where all members say
        the same, at most the logarithm of the number of classes.
        """
        rows = self._rows(X)
        own = functools.reduce(np.add, map(entropies, self._each(self.members_, rows))) / len(self.members_)
        return np.maximum(entropies(self._mean(self.members_, rows)) - own, 0.0)

    @property
    def feature_importances_(self) -> Floats:
        """Mean feature weights (D,) of the members."""
        check_is_fitted(self)
        weights: Floats = np.mean([member.feature_weights_ for member in self.members_], axis=0)
        return weights

    @property
    def feature_importance_intervals_(self) -> Floats:
        """Ends (2, D) of the interval that holds the share `interval` of the members' feature weights."""
        check_is_fitted(self)
        tails = [(1 - self.interval) / 2, (1 + self.interval) / 2]
        ends: Floats = np.quantile([member.feature_weights_ for member in self.members_], tails, axis=0)
        return ends

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def entropies(probabilities: Floats) -> Floats:
    """Entropy along the last axis, in nats."""
    logs = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    summed: Floats = -(probabilities * logs).sum(axis=-1)
    return summed
