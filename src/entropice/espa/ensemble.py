"""An ensemble of eSPA classifiers: averaged, calibrated, and with a measure of where its members disagree."""

import functools
import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from numbers import Integral, Real
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted

from entropice.espa.calibration import fit_temperature, tempered
from entropice.espa.classifier import ESPAClassifier
from entropice.espa.data.row_hashes import number_distinct
from entropice.espa.data.rows import Rows, rows_of
from entropice.espa.data.training_data import prepare_training_data
from entropice.espa.data.validation import (
    check_class_weight,
    check_rows,
    check_rows_and_labels,
    check_splits,
    names_of,
    share_features,
)
from entropice.espa.fitting import fit_together
from entropice.espa.prediction import class_probabilities

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class ESPAEnsemble(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Average eSPA classifiers that differ by their starts and, as asked for, by their row weights and box numbers.

    Parameters
    ----------
    estimator
        The `ESPAClassifier` to repeat; None for the default one with a single start.
    n_members
        Number of classifiers.
    n_boxes
        Numbers of boxes to choose from: each member draws one at random, all alike; None takes that of `estimator`.
        ``range(6, 17)`` gives members of coarse and of fine boxes, whose edges lie in different places. Where there are
        fewer rows of positive weight than a drawn number, that member has as many boxes as rows, with a warning.
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

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0.0, 1.0, 20)[:, None]
    >>> y = np.where(X[:, 0] > 0.5, "some", "none")
    >>> base = ESPAClassifier(n_boxes=2, n_init=1, device="cpu")
    >>> model = ESPAEnsemble(base, n_members=4, calibrate=None, random_state=0).fit(X, y)
    >>> model.predict([[0.1], [0.9]]).tolist()
    ['none', 'some']
    >>> bool((model.epistemic_spread(X) <= np.log(2)).all())
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "estimator": [ESPAClassifier, None],
        "n_members": [Interval(Integral, 2, None, closed="left")],
        "n_boxes": ["array-like", None],
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
        n_boxes: Sequence[int] | None = None,
        resample: Literal["bootstrap"] | None = "bootstrap",
        calibrate: Literal["temperature"] | None = "temperature",
        cv: int | Iterable[tuple[Indices, Indices]] | Any = 5,
        interval: float = 0.9,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.estimator = estimator
        self.n_members = n_members
        self.n_boxes = n_boxes
        self.resample = resample
        self.calibrate = calibrate
        self.cv = cv
        self.interval = interval
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Fit all members to rows X (T, D) with classes y (T,), and the temperature to held-out rows.

        NaN in X is missing; `sample_weight` (T,) is not negative, None weighs all rows alike.

        With ``resample`` a row weighs in each member its `sample_weight` times a random number, exponential with mean
        1. Rows of one group (T,) get the same random weight, and groups go to the splitter of the folds: for rows that
        are not independent, as those of one place. Without groups equal rows count as one group.

        Each member draws its number of boxes from ``n_boxes``, all alike, and has no more than rows of positive weight.

        For the temperature members are fitted anew, with the same random weights, to the training rows of each fold; it
        is that of `entropice.espa.calibration.fit_temperature` for their mean probabilities of all test rows of
        positive weight together, weighted by `sample_weight`. Returned is the ensemble itself, with the attributes of
        the class set.

        Raises
        ------
        ValueError
            As `ESPAClassifier.fit`, for the training rows of any fold; if `n_boxes` holds no choice or one below 1, a
            fold is no fold, or every held-out row has weight 0.

        Warns
        -----
        UserWarning
            If rows of positive weight are fewer than the largest choice of `n_boxes`.
        ConvergenceWarning
            If a member still improved after ``max_iter`` sweeps.
        """
        fit_alike([self], X, y, sample_weight, groups)
        return self

    def base(self) -> ESPAClassifier:
        """Return the classifier that members repeat, not fitted: ``estimator``, or a new one of a single start.

        ``estimator`` itself, not a copy; else ``ESPAClassifier(n_init=1)``.
        """
        return ESPAClassifier(n_init=1) if self.estimator is None else self.estimator

    def _check_choices(self) -> None:
        choices = [] if self.n_boxes is None else self.n_boxes
        wrong = [each for each in choices if not isinstance(each, Integral) or each < 1]
        if wrong or (self.n_boxes is not None and not len(choices)):
            raise ValueError(
                f"n_boxes must be None or whole numbers of at least 1 to choose from, got {wrong or 'none'}."
            )

    def _unfitted(self, random: np.random.RandomState, n_rows: Indices) -> list[ESPAClassifier]:
        """Members, one for each weighting of so many rows (n_members,): their seeds and, with a choice, their boxes."""
        # Seeds before boxes: ensembles with and without a choice of boxes, or with other choices, start alike.
        seeds = random.randint(2**31, size=len(n_rows)).tolist()
        members = [clone(self.base()).set_params(random_state=seed) for seed in seeds]
        if self.n_boxes is not None:
            drawn = np.asarray(self.n_boxes)[random.randint(len(self.n_boxes), size=len(n_rows))]
            for member, n_boxes in zip(members, np.minimum(drawn, n_rows).tolist(), strict=True):
                member.n_boxes = n_boxes
        return members

    def _held_out_temperature(
        self,
        random: np.random.RandomState,
        rows: Rows,
        y: Any,
        drawn: Floats,
        weights: Floats,
        splits: list[tuple[Indices, Indices]],
    ) -> float:
        """Fit the temperature to rows of positive weight by members that have not seen their fold."""
        # Members are fitted anew without each fold: the temperature of members that have seen a row would follow how
        # well they remember it, and make probabilities too sharp.
        held_out, tests = [], []
        for fold, (train, test) in enumerate(splits):
            in_fold = drawn * np.bincount(train, minlength=len(y))
            (members,) = _fit_members([self], [random], rows, y, in_fold, f"the training rows of fold {fold}")
            tests.append(test[weights[test] > 0])
            held_out.append(self._mean(members, Rows(rows.pick(tests[-1]), rows.dtype)))
        tested = np.concatenate(tests)
        if not len(tested):
            raise ValueError(
                "Every held-out row has weight 0: give folds with rows to calibrate on, or calibrate=None."
            )
        codes = np.searchsorted(self.classes_, y[tested])
        return fit_temperature(np.concatenate(held_out), codes, weights[tested])

    def _groups(self, rows: Rows, y: Any, groups: Any) -> NDArray[Any]:
        """Groups (T,) as given, else equal rows, so that a repeated row is a heavier row."""
        if groups is not None:
            return np.asarray(groups)
        return number_distinct(rows, np.searchsorted(self.classes_, y).astype(np.int32))

    def _draw_weights(self, random: np.random.RandomState, groups: NDArray[Any], weights: Floats) -> Floats:
        """Random weights (n_members, T), one for the rows of a group; groups without weight are as if not there."""
        if self.resample is None:
            return np.ones((self.n_members, len(groups)))
        present = np.unique(groups[weights > 0])
        group_of = np.minimum(np.searchsorted(present, groups), len(present) - 1)
        # Exponential weights are those of a flat Dirichlet but for their sum. They are never 0, so that no member lacks
        # a class, as one of the ordinary bootstrap may.
        drawn: Floats = random.standard_exponential((self.n_members, len(present)))[:, group_of]
        return drawn

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
        """Class probabilities (T, M) of rows X (T, D), NaN is missing: the members' mean, calibrated.

        ``p_m^(1/τ) / Σ_k p_k^(1/τ)`` with p the mean over the members, which have 0 for a class that they have not
        seen, and τ ``temperature_``. Columns are in the order of ``classes_``; rows, float64, sum to 1.

        Sizes: T rows, D features, M classes.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        rows = self._rows(X)
        return tempered(self._mean(self.members_, rows), self.temperature_)

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,) of rows X (T, D), a label of ``classes_``, ties to the first.

        By the members' mean; NaN is missing.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def epistemic_spread(self, X: Any) -> Floats:
        """How far members disagree on each row (T,) of X (T, D), in nats: mutual information of class and member.

        Entropy of the mean minus mean of the entropies (Houlsby et al., 2011, arXiv:1112.5745): 0 where all members say
        the same, at most the logarithm of the number of classes. The temperature plays no part. NaN in X is missing.

        Raises
        ------
        ValueError
            Other features than those of the fit, infinite values, or such as are too large for a distance; before a fit
            its subclass NotFittedError.
        """
        rows = self._rows(X)
        # Rounding makes the difference of two equal entropies negative at times; mutual information is not.
        own = functools.reduce(np.add, map(entropies, self._each(self.members_, rows))) / len(self.members_)
        return np.maximum(entropies(self._mean(self.members_, rows)) - own, 0.0)

    @property
    def feature_importances_(self) -> Floats:
        """Mean feature weights (D,) of the members, sum 1; NotFittedError before a fit."""
        check_is_fitted(self)
        weights: Floats = np.mean([member.feature_weights_ for member in self.members_], axis=0)
        return weights

    @property
    def feature_importance_intervals_(self) -> Floats:
        """Ends (2, D) of the interval that holds the share `interval` of the members' feature weights.

        Quantiles ``(1 − interval) / 2`` and ``(1 + interval) / 2``, linear between members; NotFittedError before a
        fit.
        """
        check_is_fitted(self)
        tails = [(1 - self.interval) / 2, (1 + self.interval) / 2]
        ends: Floats = np.quantile([member.feature_weights_ for member in self.members_], tails, axis=0)
        return ends

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def entropies(probabilities: Floats) -> Floats:
    """Entropy ``−Σ p log p`` of probabilities (..., M) along the last axis, shape (...), in nats; ``0 log 0`` is 0.

    Examples
    --------
    >>> import numpy as np
    >>> entropies(np.array([[0.5, 0.5], [0.25, 0.75]])).round(4).tolist()
    [0.6931, 0.5623]
    """
    logs = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    summed: Floats = -(probabilities * logs).sum(axis=-1)
    return summed


def fit_alike(ensembles: Sequence[ESPAEnsemble], X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> None:
    """Fit ensembles that differ by their classifier and their numbers of boxes alone, all members of all together.

    Each becomes what `ESPAEnsemble.fit` makes of it, with the same arguments: rows X (T, D), classes y, weights and
    groups (T,). Weights and seeds are the same in all. Changes the ensembles, one or more, and returns nothing.

    Raises
    ------
    ValueError
        If they differ otherwise, in ``dtype`` or ``device`` of their classifiers too, or as `ESPAEnsemble.fit`.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.linspace(0.0, 1.0, 8)[:, None], [0, 0, 0, 0, 1, 1, 1, 1]
    >>> base, options = ESPAClassifier(n_init=1, device="cpu"), {"calibrate": None, "random_state": 0}
    >>> pair = [ESPAEnsemble(base, 2, n_boxes=[n], **options) for n in (2, 3)]
    >>> fit_alike(pair, X, y)
    >>> alone = ESPAEnsemble(base, 2, n_boxes=[3], **options).fit(X, y)
    >>> np.array_equal(pair[1].predict_proba(X), alone.predict_proba(X))
    True
    """
    first = ensembles[0]
    for each in ensembles:
        each._validate_params()
        each.base()._validate_params()
        each._check_choices()
    _check_alike(ensembles)
    table, y = check_rows_and_labels(first, X, y)
    check_consistent_length(y, groups)
    check_classification_targets(y)
    weights = _check_sample_weight(sample_weight, y, dtype=np.float64, ensure_non_negative=True)
    random = check_random_state(first.random_state)
    splits = [] if first.calibrate is None else check_splits(first.cv, y, groups)
    classes = np.unique(y[weights > 0])
    for each in ensembles:
        share_features(first, each)
        each.classes_ = classes
        check_class_weight(each.base().class_weight, classes)
    rows = rows_of(table, first.base().dtype)
    drawn = first._draw_weights(random, first._groups(rows, y, groups), weights) * weights
    # Each ensemble goes on with a copy of the generator as it stands after the weights: its seeds are those of a fit
    # on its own, and candidates differ by their parameters alone.
    randoms = [random, *(deepcopy(random) for _ in ensembles[1:])]
    members = _fit_members(ensembles, randoms, rows, y, drawn, "the rows")
    for each, own, own_random in zip(ensembles, members, randoms, strict=True):
        each.members_, each.temperature_ = own, 1.0
        if each.calibrate is not None:
            each.temperature_ = each._held_out_temperature(own_random, rows, y, drawn, weights, splits)


def _check_alike(ensembles: Sequence[ESPAEnsemble]) -> None:
    first, *others = (
        {**each.get_params(deep=False), "estimator": (each.base().dtype, each.base().device), "n_boxes": None}
        for each in ensembles
    )
    differing = {name for each in others for name in first if repr(each[name]) != repr(first[name])}
    if differing:
        raise ValueError(
            f"ensembles that are fitted together differ in {', '.join(sorted(differing))}: fit each alone."
        )


def _fit_members(
    ensembles: Sequence[ESPAEnsemble],
    randoms: Sequence[np.random.RandomState],
    rows: Rows,
    y: Any,
    weights: Floats,
    rows_name: str,
) -> list[list[ESPAClassifier]]:
    """Fit a member of every ensemble to each weighting (n_members, T)."""
    data = prepare_training_data(rows, y, weights, names_of(ensembles[0]), [rows_name] * len(weights))
    n_rows = (data.weights > 0).sum(axis=1)
    _warn_of_few_rows(ensembles, n_rows.min(), rows_name)
    members = [each._unfitted(random, n_rows) for each, random in zip(ensembles, randoms, strict=True)]
    together = list(itertools.chain.from_iterable(members))
    weighting_of = list(range(len(weights))) * len(ensembles)
    for member, fitted in zip(together, fit_together(together, data, weighting_of), strict=True):
        member.adopt(fitted)
        share_features(ensembles[0], member)
    return members


def _warn_of_few_rows(ensembles: Sequence[ESPAEnsemble], n_rows: int, rows_name: str) -> None:
    most = max((max(each.n_boxes) for each in ensembles if each.n_boxes is not None), default=0)
    if most > n_rows:
        warnings.warn(
            f"Members have at most {n_rows} boxes where n_boxes goes up to {most}: {rows_name} hold no more of "
            "positive weight.",
            stacklevel=4,
        )
