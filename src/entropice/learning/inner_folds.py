"""Spatial folds inside training rows: they compare candidates and calibrate, the same for every model."""

import logging
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.folds.coordinates import is_near_any
from entropice.learning.folds.dealing import deal_blocks
from entropice.learning.samples import Samples
from entropice.types import IntArray

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InnerFolds:
    """Folds of some training rows, made at the first use and once for all models.

    Attributes
    ----------
    samples, class_codes
        The rows (n), and their class codes (n,), from 0.
    n_folds, buffer_m, random_seed
        As in `folds.table.make_folds`; there are fewer folds where there are fewer blocks.
    """

    samples: Samples
    class_codes: IntArray
    n_folds: int
    buffer_m: float
    random_seed: int

    @cached_property
    def splits(self) -> list[tuple[IntArray, IntArray]]:
        """Row numbers to train (n_train,) and to test (n_test,) on, by whole blocks with a buffer.

        A row whose centre lies within the buffer of a tested one, the distance itself included, neither trains nor is
        tested in that fold. Folds without two classes to train on drop out; the log says so. Blocks are dealt by
        `dealing.deal_blocks` with the seed into ``n_folds`` folds, or as many as there are blocks where these are
        fewer.

        Raises
        ------
        LabelError
            If none is left, or there is one block alone.

        Examples
        --------
        Three blocks on a line, 100 km apart, each tested once; its neighbours lie beyond the buffer.

        >>> places_m, blocks = np.column_stack([np.arange(3) * 1e5, np.zeros(3)]), np.arange(3, dtype=np.uint64)
        >>> samples = Samples(pd.DataFrame({"rain": [1.0, 2.0, 3.0]}), places_m, blocks)
        >>> folds = InnerFolds(samples, np.array([0, 1, 2]), n_folds=5, buffer_m=9e4, random_seed=0)
        >>> sorted((train.tolist(), test.tolist()) for train, test in folds.splits)
        [([0, 1], [2]), ([0, 2], [1]), ([1, 2], [0])]
        """
        # Blocks and a buffer like those of the outer folds: parameters chosen by random rows would be those that
        # remember neighbours best.
        # Two at least, so that one block alone is refused where blocks are dealt, with what to do about it.
        n_folds = min(self.n_folds, max(self.n_blocks, 2))
        fold_of_row = deal_blocks(self.samples.blocks, n_folds, np.random.default_rng(self.random_seed))
        splits = [self._split(fold_of_row == fold) for fold in range(n_folds)]
        kept = [(train, test) for train, test in splits if len(np.unique(self.class_codes[train])) > 1]
        if not kept:
            raise LabelError(
                "The buffer leaves no inner fold with two classes to compare candidates on.",
                field="modelling.tuning.candidates",
                got=f"{self.n_blocks} blocks, buffer {self.buffer_m:g} m",
                expected="two classes among the training rows beyond the buffer of at least one block",
                fix="give every model one candidate, or lower modelling.folds.buffer_m",
            )
        if len(kept) < n_folds:
            logger.warning(
                "Candidates are compared on %d of %d inner folds: the others lack classes.", len(kept), n_folds
            )
        return kept

    @property
    def n_classes(self) -> int:
        """Number of classes up to the largest code."""
        return int(self.class_codes.max()) + 1

    @property
    def n_blocks(self) -> int:
        """Number of blocks that hold the rows."""
        return len(np.unique(self.samples.blocks))

    @property
    def fewest_training_rows(self) -> int:
        """Rows of the fold with the fewest to train on; LabelError as of `splits`."""
        return min(len(train) for train, _ in self.splits)

    @cached_property
    def known_features(self) -> list[str]:
        """Names of the features of which the training rows of every fold have a value; LabelError as of `splits`."""
        return observed_in_all(self.samples.features, [train for train, _ in self.splits])

    def _split(self, is_test: "np.ndarray") -> tuple[IntArray, IntArray]:
        coordinates_m = self.samples.coordinates_m
        is_near = is_near_any(coordinates_m, coordinates_m[is_test], self.buffer_m)
        return np.flatnonzero(~is_near & ~is_test), np.flatnonzero(is_test)


def observed_in_all(features: pd.DataFrame, subsets: list[IntArray]) -> list[str]:
    """Names of the features (n, n_feature) of which every subset of the rows, numbers (n_subset,), has a value.

    In the order of the features; NaN is no value.

    Examples
    --------
    >>> features = pd.DataFrame({"rain": [1.0, np.nan, 3.0], "slope": [1.0, np.nan, np.nan]})
    >>> observed_in_all(features, [np.array([0, 1]), np.array([1, 2])])
    ['rain']
    """
    is_known = features.notna().to_numpy()
    return list(features.columns[np.all([is_known[rows].any(axis=0) for rows in subsets], axis=0)])
