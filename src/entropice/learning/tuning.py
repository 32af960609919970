"""Choose eSPA's hyper-parameters by spatial folds inside the training rows."""

import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import LabelError
from entropice.espa import ESPAClassifier
from entropice.learning.folds import deal_blocks, is_near_any
from entropice.learning.scores import log_losses
from entropice.learning.sites import Sites, predict_all_classes
from entropice.types import BoolArray, IntArray

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

    def candidates(self) -> list[ESPAClassifier]:
        """Return an unfitted classifier for every combination."""
        return [
            ESPAClassifier(
                n_boxes,
                eps_entropy=eps_entropy,
                eps_class=eps_class,
                pseudo_count=self.pseudo_count,
                n_init=self.n_init,
                random_state=self.random_seed,
            )
            for n_boxes, eps_entropy, eps_class in itertools.product(self.n_boxes, self.eps_entropy, self.eps_class)
        ]


def choose_espa(search: EspaSearch, sites: Sites, class_codes: IntArray) -> ESPAClassifier:
    """Return the candidate, unfitted, with the lowest log loss over inner spatial folds; the first of equals.

    One candidate needs no comparison and no folds.

    Raises
    ------
    LabelError
        If there are fewer blocks than inner folds, or the buffer leaves a fold without training rows.
    """
    candidates = search.candidates()
    if len(candidates) == 1:
        return candidates[0]
    splits = list(inner_folds(search, sites))
    losses = [_mean_log_loss(candidate, search.n_init_search, sites, class_codes, splits) for candidate in candidates]
    best = candidates[int(np.argmin(losses))]
    logger.info(
        "eSPA: %s has the lowest inner log loss, %.4f of %.4f-%.4f.", best, min(losses), min(losses), max(losses)
    )
    return best


def inner_folds(search: EspaSearch, sites: Sites) -> Iterator[tuple[BoolArray, BoolArray]]:
    """Yield training and test masks of whole blocks with a buffer."""
    fold_of_row = deal_blocks(sites.blocks, search.n_folds, np.random.default_rng(search.random_seed))
    for fold in range(search.n_folds):
        is_test = fold_of_row == fold
        is_train = ~is_near_any(sites.coordinates_m, sites.coordinates_m[is_test], search.buffer_m) & ~is_test
        if not is_train.any():
            raise LabelError(
                "The buffer leaves no training rows to compare eSPA's candidates on.",
                field="modelling.espa",
                got=f"{len(np.unique(sites.blocks))} blocks, buffer {search.buffer_m:g} m",
                fix="give one value each for n_boxes, eps_entropy and eps_class, or lower modelling.folds.buffer_m",
            )
        yield is_train, is_test


def _mean_log_loss(
    candidate: ESPAClassifier,
    n_init: int,
    sites: Sites,
    class_codes: IntArray,
    splits: list[tuple[BoolArray, BoolArray]],
) -> float:
    n_classes = class_codes.max() + 1
    losses = []
    for is_train, is_test in splits:
        model = ESPAClassifier(**candidate.get_params() | {"n_init": n_init})
        model.fit(sites.features[is_train], class_codes[is_train])
        probabilities = predict_all_classes(model, sites.features[is_test], n_classes)
        losses.append(log_losses(probabilities, class_codes[is_test]))
    return float(np.concatenate(losses).mean())
