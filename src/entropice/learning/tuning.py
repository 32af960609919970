"""Choose the parameters of any model by spatial folds inside the training rows."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Candidate, Device, FitSettings, FittedModel, Model
from entropice.learning.samples import Samples, predict_all_classes
from entropice.learning.scores import log_losses
from entropice.types import DataFrame, FloatArray, IntArray

logger = logging.getLogger(__name__)

NOTHING_TO_CHOOSE: Sequence[Candidate] = ({},)


@dataclass(frozen=True)
class Tuning:
    """How all models are tuned and fitted.

    Attributes
    ----------
    candidates
        By the name of the model that they belong to, the same number for each.
    n_folds, buffer_m
        Inner spatial folds, made like the outer ones.
    random_seed
        Of folds and fits.
    device
        Where fits are computed, by the models that have a choice.
    n_processes
        In which fits that wait for nothing are made, at most; as many as there are processors where it is None. Results
        do not depend on it.
    """

    candidates: Mapping[str, Sequence[Candidate]]
    n_folds: int
    buffer_m: float
    random_seed: int
    device: Device = "cpu"
    n_processes: int | None = None

    def inner_folds(self, samples: Samples, class_codes: IntArray) -> InnerFolds:
        """Folds of some training rows (n) with class codes (n,), by its number of folds, buffer and seed."""
        return InnerFolds(samples, class_codes, self.n_folds, self.buffer_m, self.random_seed)

    def fit(self, model: Model, inner_folds: InnerFolds) -> FittedModel:
        """Tune a model on the inner folds of some rows, and fit it to all of them.

        In one thread: on tables of this size threads wait for each other (a logistic regression took twelve times as
        long on two cores), and results would depend on their number.

        Raises
        ------
        LabelError
            If candidates have to be compared and no inner fold has two classes, or a model asks for more rows.
        """
        with threadpool_limits(limits=1):
            return model.fit(inner_folds.samples, inner_folds.class_codes, inner_folds, self.settings(model))

    def fixed(self, parameters: Candidate) -> "Tuning":
        """The same with parameters that are chosen already, whatever the model.

        One candidate for each, so nothing is compared.

        Examples
        --------
        >>> tuning = Tuning({"logistic": [{"C": 0.1}, {"C": 1.0}]}, n_folds=5, buffer_m=0.0, random_seed=0)
        >>> tuning.fixed({"C": 0.1}).candidates
        {'logistic': ({'C': 0.1},)}
        """
        return replace(self, candidates=dict.fromkeys(self.candidates, (parameters,)))

    def settings(self, model: Model) -> FitSettings:
        """What concerns one model: its candidates, or one without parameters where it is not tuned; seed and device.

        A tuned model without candidates is a KeyError.
        """
        candidates = self.candidates[model.name] if model.is_tuned else NOTHING_TO_CHOOSE
        return FitSettings(model.title, candidates, self.random_seed, self.device)


def choose(title: str, candidates: Sequence[Candidate], compare: Callable[[], FloatArray]) -> tuple[Candidate, float]:
    """Return the candidate with the highest mean of its log scores (n_candidate, n_fold), and that mean.

    The first of equals is taken. One candidate needs no comparison, and its score is NaN.

    Examples
    --------
    >>> choose("ridge", [{"C": 1.0}, {"C": 0.1}], lambda: np.array([[-0.5, -0.7], [-0.4, -0.6]]))
    ({'C': 0.1}, -0.5)
    """
    if len(candidates) == 1:
        return candidates[0], np.nan
    scores = compare().mean(axis=1)
    best = candidates[int(scores.argmax())]
    logger.info(
        "%s: %s has the best inner log score, %.4f of %.4f to %.4f.",
        title, best, scores.max(), scores.min(), scores.max(),
    )  # fmt: skip
    return best, float(scores.max())


def compare_one_by_one(
    make: Callable[[Candidate], Any], candidates: Sequence[Candidate], inner_folds: InnerFolds
) -> FloatArray:
    """Log scores (n_candidate, n_fold), in nats, of classifiers, each fitted to the training rows of each fold alone.

    `make` gives an unfitted classifier of a candidate; it sees the features that the training rows of every fold know
    (`InnerFolds.known_features`). A score is the mean log probability of the true class in the fold's test rows
    (`log_score_of_all_classes`), 0 at best.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`.
    """
    # Features that some fold's training rows do not know at all are left out of every fit: candidates and folds are
    # compared on the same columns.
    features = inner_folds.samples.named(inner_folds.known_features)
    return np.array(
        [[_log_score(make(each), features, inner_folds, split) for split in inner_folds.splits] for each in candidates]
    )


def _log_score(
    classifier: Any, features: DataFrame, inner_folds: InnerFolds, split: tuple[IntArray, IntArray]
) -> float:
    train, test = split
    classifier = classifier.fit(features.iloc[train], inner_folds.class_codes[train])
    score = log_score_of_all_classes(inner_folds.n_classes)
    return score(classifier, features.iloc[test], inner_folds.class_codes[test])


def held_out_log_score(model: Model, fitted: FittedModel, inner_folds: InnerFolds, tuning: Tuning) -> float:
    """Mean log score, in nats, of a model over the inner folds, with the parameters that it has.

    It is fitted again to the training rows of each fold; the mean is over folds, each counting alike.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`.
    """
    fixed = tuning.fixed(fitted.recipe.parameters)
    scores = []
    for train, test in inner_folds.splits:
        part = fixed.inner_folds(inner_folds.samples.rows(train), inner_folds.class_codes[train])
        probabilities = fixed.fit(model, part).predict_proba(inner_folds.samples.rows(test), inner_folds.n_classes)
        scores.append(-log_losses(probabilities, inner_folds.class_codes[test]).mean())
    return float(np.mean(scores))


def log_score_of_all_classes(n_classes: int) -> Callable[[Any, Any, IntArray], float]:
    """Return a scorer: the mean log probability of the true class, floored where a fold has not seen that class.

    It takes a fitted classifier, features (n, n_feature) and class codes (n,), and gives nats, 0 at best.

    Examples
    --------
    A class that the fit has not seen has the floor's ten-thousandth.

    >>> from sklearn.dummy import DummyClassifier
    >>> fitted = DummyClassifier(strategy="prior").fit(np.zeros((2, 1)), [0, 1])
    >>> score = log_score_of_all_classes(3)
    >>> [round(score(fitted, np.zeros((1, 1)), np.array([code])), 4) for code in (0, 2)]
    [-0.6931, -9.2103]
    """

    def scorer(model: Any, features: Any, class_codes: IntArray) -> float:
        return -float(log_losses(predict_all_classes(model, features, n_classes), class_codes).mean())

    return scorer


def known_features(features: DataFrame) -> list[str]:
    """Names of the features (n, n_feature) that have a value in any of the rows, in order; the log names the others.

    Examples
    --------
    >>> import pandas as pd
    >>> known_features(pd.DataFrame({"rain": [np.nan, 1.0], "slope": [np.nan, np.nan]}))
    ['rain']
    """
    is_known = features.notna().any()
    if not is_known.all():
        logger.warning("No training row knows %s: left out.", ", ".join(map(str, features.columns[~is_known])))
    return [str(name) for name in features.columns[is_known]]
