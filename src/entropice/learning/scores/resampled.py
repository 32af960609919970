"""A forecast as a bootstrap of blocks sees it; what several scores need is worked out once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entropice.learning.scores.forecast import Forecast
from entropice.quotients import quotient
from entropice.types import BoolArray, FloatArray

Weights = FloatArray
"""Multiplicities of the blocks in each replicate, (n_replicate, n_block)."""


@dataclass(frozen=True)
class Resampled:
    """A forecast under multiplicities of its blocks.

    Attributes
    ----------
    forecast
        Of n rows in n_block blocks.
    weights
        (n_replicate, n_block): how often each replicate holds a block; all 1 is the forecast itself.
    """

    forecast: Forecast
    weights: Weights

    def sums(self, values: FloatArray | BoolArray) -> FloatArray:
        """Sums (n_replicate,) of values (n,) of the rows, each row as often as its block is drawn.

        Examples
        --------
        Block 0 holds 1, block 1 holds 2 and 3: each once, and block 1 twice.

        >>> import numpy as np
        >>> p, zeros = np.full((3, 2), 0.5), np.zeros(3, dtype=np.int64)
        >>> forecast = Forecast(p, p, zeros, np.array([0, 1, 1]), zeros, np.ones(3), n_blocks=2)
        >>> Resampled(forecast, np.array([[1.0, 1.0], [0.0, 2.0]])).sums(np.array([1.0, 2.0, 3.0])).tolist()
        [6.0, 10.0]
        """
        return np.asarray(self.weights @ self.forecast.sum_by_block(values), dtype=np.float64)

    @cached_property
    def n_rows(self) -> FloatArray:
        """Number of rows (n_replicate,), float64, each as often as its block is drawn."""
        return np.asarray(self.weights @ self.forecast.n_rows_by_block, dtype=np.float64)

    @cached_property
    def prevalence(self) -> FloatArray:
        """Share (n_replicate,) of the rows with slumps; NaN where no row is drawn."""
        return quotient(self.sums(self.forecast.is_positive), self.n_rows)

    @cached_property
    def with_slumps_above(self) -> FloatArray:
        """Share (n_replicate, n_step) of the rows with slumps that lies in or above each step of the ranking: recall.

        It rises along the steps, to 1. NaN in a replicate without slumps.
        """
        return self._shares_above(self.forecast.ranking.positives, self.forecast.is_positive)

    @cached_property
    def without_slumps_above(self) -> FloatArray:
        """Share (n_replicate, n_step) of the rows without slumps in or above each step; 0 where there are none."""
        return np.nan_to_num(self._shares_above(self.forecast.ranking.negatives, ~self.forecast.is_positive))

    @cached_property
    def land_above(self) -> FloatArray:
        """Share (n_replicate, n_step) of the land of all rows in or above each step; NaN where no row is drawn."""
        return self._shares_above(self.forecast.ranking.area_m2, self.forecast.land_area_m2)

    def _shares_above(self, steps: FloatArray, values: FloatArray | BoolArray) -> FloatArray:
        above = (self.weights @ steps).cumsum(axis=1)
        return quotient(above, np.broadcast_to(self.sums(values)[:, None], above.shape))
