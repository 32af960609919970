"""Probabilities of one model beside the truth, and their order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entropice.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Ranking:
    """Rows from the highest chance of any slump down, in steps that each end at the chance of a row with slumps.

    Steps that end at no such row change neither recall nor any sum over rows with slumps. Rows below the last one with
    slumps are in no step; without a row with slumps there are no steps.

    Attributes
    ----------
    positives, negatives
        (n_block, n_step): rows with and without slumps in each step alone, not cumulated.
    area_m2
        (n_block, n_step): land area of all rows of the step, in m².
    """

    positives: FloatArray
    negatives: FloatArray
    area_m2: FloatArray


@dataclass(frozen=True)
class Forecast:
    """Probabilities of one model under one scheme, beside the reference's and the truth. No value is NaN.

    Attributes
    ----------
    probabilities, reference
        (n, n_class), rows sum to 1, classes in order; the reference predicts its fold's training prevalence.
    class_codes
        (n,) true classes, from 0; 0 is no slumps.
    block, fold
        (n,) codes from 0.
    land_area_m2
        (n,) land area of the cell, in m².
    n_blocks
        Number of blocks, those without a row here among them.
    """

    probabilities: FloatArray
    reference: FloatArray
    class_codes: IntArray
    block: IntArray
    fold: IntArray
    land_area_m2: FloatArray
    n_blocks: int

    @cached_property
    def is_positive(self) -> BoolArray:
        """Whether there is any slump, shape (n,): whether the class is not the first."""
        return self.class_codes > 0

    @cached_property
    def chance(self) -> FloatArray:
        """Probability (n,) of any slump: 1 − that of the first class."""
        return np.asarray(1 - self.probabilities[:, 0], dtype=np.float64)

    def sum_by_block(self, values: FloatArray | BoolArray) -> FloatArray:
        """Sums (n_block,), float64, of values (n,); 0 in a block without rows.

        Examples
        --------
        Three rows in blocks 0, 2 and 2 of three blocks.

        >>> import numpy as np
        >>> p, zeros = np.full((3, 2), 0.5), np.zeros(3, dtype=np.int64)
        >>> forecast = Forecast(p, p, zeros, np.array([0, 2, 2]), zeros, np.ones(3), n_blocks=3)
        >>> forecast.sum_by_block(np.array([1.0, 2.0, 3.0])).tolist()
        [1.0, 0.0, 5.0]
        """
        return np.bincount(self.block, weights=values, minlength=self.n_blocks).astype(np.float64)

    @cached_property
    def n_rows_by_block(self) -> FloatArray:
        """Number of rows (n_block,), float64; 0 in a block without any."""
        return np.bincount(self.block, minlength=self.n_blocks).astype(np.float64)

    @cached_property
    def ranking(self) -> Ranking:
        """The order by chance, counts of shape (n_block, n_step), highest chance first; equal chances share a step.

        Examples
        --------
        Slumps at .9 and .4 end two steps; the row at .5 is in the second, that at .1 in none.

        >>> import numpy as np
        >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
        >>> p = np.column_stack([1 - chance, chance])
        >>> ranking = Forecast(p, p, codes, zeros, zeros, np.ones(4), 1).ranking
        >>> ranking.positives.tolist(), ranking.negatives.tolist(), ranking.area_m2.tolist()
        ([[1.0, 1.0]], [[0.0, 1.0]], [[1.0, 2.0]])
        """
        # Between two chances of rows with slumps the order does not matter: as few steps as there are such chances,
        # which are rare, make every replicate's product small.
        thresholds = np.unique(self.chance[self.is_positive])[::-1]
        step = np.searchsorted(-thresholds, -self.chance)
        with_slumps, without, land_m2 = (
            self._sums(step, weights, len(thresholds))
            for weights in (self.is_positive, ~self.is_positive, self.land_area_m2)
        )
        return Ranking(with_slumps, without, land_m2)

    def _sums(self, step: IntArray, weights: FloatArray | BoolArray, n_steps: int) -> FloatArray:
        is_above = step < n_steps
        place = self.block[is_above] * n_steps + step[is_above]
        sums = np.bincount(place, weights=weights[is_above], minlength=self.n_blocks * n_steps)
        return sums.astype(np.float64).reshape(self.n_blocks, n_steps)
