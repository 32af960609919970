"""Choose eSPA's hyper-parameters by spatial folds inside the training rows."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import ParameterGrid

from entropice.errors import LabelError
from entropice.espa import ESPAClassifier, ESPASearch
from entropice.learning.folds import deal_blocks, is_near_any
from entropice.learning.samples import Samples, predict_all_classes
from entropice.learning.scores import log_losses
from entropice.types import IntArray

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EspaSearch:
    """Candidates for eSPA and how they are compared.

    Attributes
    ----------
    n_boxes, eps_entropy, eps_class
        Every combination is a candidate.
    pseudo_count, n_init
        As in `ESPAClassifier`, for all candidates and for the final fit.
    n_folds, buffer_m
        Inner spatial folds, made like the outer ones.
    n_init_search
        Random starts while candidates are compared.
    random_seed
        Of folds and starts.
    device
        Where fits are computed.
    """

    n_boxes: Sequence[int]
    eps_entropy: Sequence[float]
    eps_class: Sequence[float]
    pseudo_count: float
    n_init: int
    n_folds: int
    buffer_m: float
    n_init_search: int
    random_seed: int
    device: Literal["auto", "cpu", "cuda"] = "cpu"

    def __len__(self) -> int:
        """Number of candidates; one needs no comparison."""
        return len(self.n_boxes) * len(self.eps_entropy) * len(self.eps_class)

    def parameters(self, n_rows: int) -> dict[str, Sequence[float]]:
        """Return the values to combine, of boxes no more than there are rows.

        Raises
        ------
        LabelError
            If every candidate has more boxes than rows.
        """
        n_boxes = [value for value in self.n_boxes if value <= n_rows]
        if not n_boxes:
            raise LabelError(
                "There are fewer training rows than boxes.",
                field="modelling.espa.n_boxes",
                got=f"{n_rows} rows, n_boxes {list(self.n_boxes)}",
                fix="lower modelling.espa.n_boxes or modelling.folds.buffer_m, or add labels",
            )
        return {"n_boxes": n_boxes, "eps_entropy": self.eps_entropy, "eps_class": self.eps_class}

    def classifier(self, n_init: int) -> ESPAClassifier:
        """Return the classifier whose parameters are varied."""
        return ESPAClassifier(
            pseudo_count=self.pseudo_count, n_init=n_init, device=self.device, random_state=self.random_seed
        )


def choose_espa(search: EspaSearch, samples: Samples, class_codes: IntArray) -> ESPAClassifier:
    """Return the candidate, unfitted, with the lowest log loss over inner spatial folds; the first of equals.

    One candidate needs no comparison and no folds. Features that an inner fold has no value of take no part in the
    comparison.

    Raises
    ------
    LabelError
        If there are fewer blocks than inner folds, the buffer leaves no inner fold with two classes to train on, or
        there are fewer training rows than boxes.
    """
    chosen = search.classifier(search.n_init)
    candidates = ParameterGrid(search.parameters(len(class_codes)))
    if len(candidates) == 1:
        chosen.set_params(**candidates[0])
        return chosen
    splits = inner_folds(search, samples, class_codes)
    comparison = ESPASearch(
        search.classifier(search.n_init_search),
        param_grid=search.parameters(min(len(train) for train, _ in splits)),
        scoring=log_score_of_all_classes(int(class_codes.max()) + 1),
        cv=splits,
    )
    comparison.fit(samples.features[observed_in_all(samples.features, [train for train, _ in splits])], class_codes)
    scores = comparison.cv_results_["mean_test_score"]
    logger.info(
        "eSPA: %s has the best inner log score, %.4f of %.4f to %.4f.",
        comparison.best_params_, scores.max(), scores.min(), scores.max(),
    )  # fmt: skip
    chosen.set_params(**comparison.best_params_)
    return chosen


def log_score_of_all_classes(n_classes: int) -> Callable[[Any, Any, IntArray], float]:
    """Return a scorer: the mean log probability of the true class, floored where a fold has not seen that class."""

    def scorer(model: Any, features: Any, class_codes: IntArray) -> float:
        return -float(log_losses(predict_all_classes(model, features, n_classes), class_codes).mean())

    return scorer


def observed_in_all(features: pd.DataFrame, subsets: Sequence[IntArray]) -> list[str]:
    """Names of the features of which every subset of the rows has a value."""
    return [name for name in features.columns if all(features[name].iloc[rows].notna().any() for rows in subsets)]


def inner_folds(search: EspaSearch, samples: Samples, class_codes: IntArray) -> list[tuple[IntArray, IntArray]]:
    """Row indices to train and to test on, by whole blocks with a buffer.

    Folds without two classes to train on drop out.

    Raises
    ------
    LabelError
        If none is left.
    """
    fold_of_row = deal_blocks(samples.blocks, search.n_folds, np.random.default_rng(search.random_seed))
    splits = []
    for fold in range(search.n_folds):
        is_test = fold_of_row == fold
        is_train = ~is_near_any(samples.coordinates_m, samples.coordinates_m[is_test], search.buffer_m) & ~is_test
        if len(np.unique(class_codes[is_train])) > 1:
            splits.append((np.flatnonzero(is_train), np.flatnonzero(is_test)))
    if not splits:
        raise LabelError(
            "The buffer leaves no inner fold with two classes to compare eSPA's candidates on.",
            field="modelling.espa",
            got=f"{len(np.unique(samples.blocks))} blocks, buffer {search.buffer_m:g} m",
            fix="give one value each for n_boxes, eps_entropy and eps_class, or lower modelling.folds.buffer_m",
        )
    if len(splits) < search.n_folds:
        logger.warning(
            "eSPA is compared on %d of %d inner folds: the others lack classes.", len(splits), search.n_folds
        )
    return splits
