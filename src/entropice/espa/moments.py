"""What is known of features and classes under each weighting of the rows, before the first sweep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entropice.espa.compiled import compiled, find_missing
from entropice.espa.rows import CHUNK_ROWS, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureMoments:
    """Features (D) under weightings (F), over rows of positive weight and observed values.

    Attributes
    ----------
    lowest, highest
        (F, D); infinity and its negative where nothing is observed.
    means, squares
        (F, D): weighted mean, and weighted sum of the squared deviations from it.
    observed
        (F, D): weight of the rows in which a feature is observed.
    partial_columns
        (P,): features with a missing value in any row, of whatever weight.
    """

    lowest: Floats
    highest: Floats
    means: Floats
    squares: Floats
    observed: Floats
    partial_columns: NDArray[np.int64]

    @property
    def varies(self) -> NDArray[np.bool_]:
        """Features (F, D) with two different values."""
        return self.highest > self.lowest


def feature_moments(rows: Rows, weights: Floats) -> FeatureMoments:
    """Summarise the features in two passes over the rows; weights (F, T) of sum 1."""
    shape = len(weights), rows.shape[1]
    lowest, highest = np.full(shape, np.inf), np.full(shape, -np.inf)
    sums, observed, squares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    is_partial = np.zeros(shape[1], np.bool_)
    for where, block in rows.blocks():
        add_extent(block, weights[:, where], lowest, highest, sums, observed, is_partial)
    means = np.divide(sums, observed, out=np.zeros(shape), where=observed > 0)
    for where, block in rows.blocks():
        add_squares(block, weights[:, where], means, squares)
    return FeatureMoments(lowest, highest, means, squares, observed, np.flatnonzero(is_partial))


@compiled
def add_extent(values, weights, lowest, highest, sums, observed, is_partial):  # type: ignore[no-untyped-def]
    """Widen the extent (F, D) and add to weighted sums and observed weights."""
    n_rows, n_features = values.shape
    for start in range(0, n_rows, CHUNK_ROWS):
        stop = min(start + CHUNK_ROWS, n_rows)
        for f in range(len(weights)):
            low, high, total, seen = lowest[f], highest[f], sums[f], observed[f]
            for t in range(start, stop):
                weight = weights[f, t]
                if weight > 0:
                    for d in range(n_features):
                        value = np.float64(values[t, d])
                        low[d] = value if value < low[d] else low[d]
                        high[d] = value if value > high[d] else high[d]
                        total[d] += weight * value if value == value else 0.0
                        seen[d] += weight if value == value else 0.0
        find_missing(values[start:stop], is_partial)


@compiled
def add_squares(values, weights, means, squares):  # type: ignore[no-untyped-def]
    """Add weighted squared deviations from the mean (F, D)."""
    n_rows, n_features = values.shape
    for start in range(0, n_rows, CHUNK_ROWS):
        stop = min(start + CHUNK_ROWS, n_rows)
        for f in range(len(weights)):
            mean, total = means[f], squares[f]
            for t in range(start, stop):
                weight = weights[f, t]
                if weight > 0:
                    for d in range(n_features):
                        difference = np.float64(values[t, d]) - mean[d]
                        total[d] += weight * difference * difference if difference == difference else 0.0
