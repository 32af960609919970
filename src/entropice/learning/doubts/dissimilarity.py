"""How unlike the training rows a row is: the dissimilarity index of Meyer and Pebesma.

Features are standardised by the training rows and multiplied by their weight in the model; an unknown value takes the
training median. With d the Euclidean distance and d̄ its mean over pairs of training rows (of `ROWS_OF_MEAN` of them at
equal steps where there are more),

    DI(x) = minⱼ d(x, xⱼ) / d̄.

The nearest is looked for among all training rows, or `ROWS_KEPT` of them drawn at random where there are more. The
threshold is the upper whisker of the DI that these rows have against those of the folds that hold them out: the largest
value not above Q₃ + 1.5 (Q₃ − Q₁). Up to there the out-of-fold scores speak of such rows (Meyer and Pebesma 2021,
doi:10.1111/2041-210X.13650).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

ROWS_OF_MEAN: Final = 4096
"""Whose pairs the mean is taken of; it is the unit of index and threshold alike, so that no verdict depends on it."""

ROWS_KEPT: Final = 32_768
"""Training rows that others are compared with. Without a bound, time would grow with the square of the cells, and the
model's file with their number; thinner rows are farther from all others, those of the folds that set the threshold,
too.
"""

_ROWS_PER_CHUNK: Final = 4096
_DISTANCES_PER_CHUNK: Final = 2**25
_ARRAYS = ("medians", "means", "factors", "rows")


@dataclass(frozen=True)
class Dissimilarity:
    """Training rows in the space of the index.

    Attributes
    ----------
    names
        (n_feature) features, in order.
    medians, means, factors
        (n_feature,) in place of unknown values; subtracted; multiplied (weight / standard deviation).
    rows
        (n, n_feature) training rows in that space, `ROWS_KEPT` at most.
    mean_distance
        Over pairs of training rows.
    threshold
        Largest index that is like the training rows.
    """

    names: tuple[str, ...]
    medians: FloatArray
    means: FloatArray
    factors: FloatArray
    rows: Float32Array
    mean_distance: float
    threshold: float

    def index(self, features: pd.DataFrame) -> FloatArray:
        """Dissimilarity index (n,) of rows with these features, (n, n_feature); an unknown value is an average one.

        ``DI(x) = minⱼ d(x, xⱼ) / d̄``: 0 is a training row, 1 as far from the nearest as two training rows are from
        each other on average. Distances are Euclidean, of ``(value − mean) · weight / standard deviation`` in float32,
        mean and deviation (n − 1 in the denominator) being those of the training rows. Columns beyond `names` are not
        looked at; a lacking one is a KeyError. Meyer and Pebesma (2021), doi:10.1111/2041-210X.13650.

        Examples
        --------
        Training rows at 0, 1, 2 and 3 (mean distance of a pair 5/3): 4 lies 1 beyond, and NaN is the median 1.5.

        >>> folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
        >>> fitted = fit_dissimilarity(pd.DataFrame({"rain": [0.0, 1.0, 2.0, 3.0]}), np.ones(1), folds)
        >>> fitted.index(pd.DataFrame({"rain": [4.0, np.nan]})).round(4).tolist()
        [0.6, 0.3]
        """
        return nearest_distance(self._place(features), self.rows) / self.mean_distance

    def _place(self, features: pd.DataFrame) -> Float32Array:
        return _place(features[list(self.names)], self.medians, self.means, self.factors)

    def to_arrays(self) -> "tuple[NamedArrays, dict[str, Any]]":
        """Take it apart into arrays ``medians means factors rows``, the attributes, and a JSON document of the rest.

        Three are (n_feature,), ``rows`` (n, n_feature), float32; the document has ``names mean_distance threshold``.
        """
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        return arrays, {
            "names": list(self.names),
            "mean_distance": self.mean_distance,
            "threshold": self.threshold,
        }

    @classmethod
    def from_arrays(cls, arrays: "NamedArrays", document: Mapping[str, Any]) -> Self:
        """Put together what `to_arrays` took apart; a lacking array or entry is a KeyError."""
        parts: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        return cls(
            names=tuple(document["names"]),
            mean_distance=document["mean_distance"],
            threshold=document["threshold"],
            **parts,
        )


def fit_dissimilarity(
    features: pd.DataFrame, weights: FloatArray, splits: Sequence[tuple[IntArray, IntArray]]
) -> Dissimilarity:
    """Place training rows, and set the threshold by folds.

    Features are standardised by mean and standard deviation (n − 1 in the denominator) of the training rows and
    multiplied by their weight; an unknown value takes the median, before that. Distances are Euclidean; their mean is
    over pairs of rows, of 4,096 at equal steps where there are more. Kept for comparison are at most 32,768 rows
    (`ROWS_KEPT`), drawn at random: the first of ``default_rng(0).permutation(n)``. The rows of the folds are thinned by
    the same draw. Meyer and Pebesma (2021), doi:10.1111/2041-210X.13650.

    Parameters
    ----------
    features
        (n, n_feature) of the training rows, NaN where unknown; those without two different values do not count.
    weights
        (n_feature,) of the features in the model, not negative; with 0 a feature does not count. One at least does.
    splits
        Numbers of the training and test rows of each fold, int64 of shape (n_train,) and (n_test,).

    Returns
    -------
    Dissimilarity
        The threshold is the `upper_whisker` of the index of test rows against the training rows of their fold.

    Examples
    --------
    Rows at 0, 1, 2 and 3 (mean distance of a pair 5/3) in two folds of two:

    >>> import numpy as np
    >>> import pandas as pd
    >>> folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
    >>> fitted = fit_dissimilarity(pd.DataFrame({"rain": [0.0, 1.0, 2.0, 3.0]}), np.ones(1), folds)
    >>> fitted.index(pd.DataFrame({"rain": [1.0, 4.0]})).round(4).tolist()
    [0.0, 0.6]
    >>> round(fitted.threshold, 4)
    1.2
    """
    varies = (features.max() > features.min()).to_numpy() & (weights > 0)
    kept = features.loc[:, varies]
    medians = kept.median().to_numpy()
    filled = kept.fillna(kept.median())
    means, factors = filled.mean().to_numpy(), weights[varies] / filled.std().to_numpy()
    rows = _place(kept, medians, means, factors)
    mean_distance = float(pdist(rows[at_equal_steps(len(rows), ROWS_OF_MEAN)]).mean())
    # Folds are thinned as the map's rows are: the threshold is then of distances to rows that lie as far apart.
    is_compared = _drawn(len(rows), ROWS_KEPT)
    held_out = np.concatenate(
        [nearest_distance(rows[test[is_compared[test]]], rows[train[is_compared[train]]]) for train, test in splits]
    )
    threshold = upper_whisker(held_out / mean_distance)
    return Dissimilarity(tuple(kept.columns), medians, means, factors, rows[is_compared], mean_distance, threshold)


def _drawn(n: int, n_most: int) -> BoolArray:
    """Which of n rows (n,) are among at most so many: at random, for equal steps may meet one year of every cell."""
    is_drawn = np.zeros(n, dtype=bool)
    is_drawn[np.random.default_rng(0).permutation(n)[:n_most]] = True
    return is_drawn


def at_equal_steps(n: int, n_most: int) -> IntArray:
    """Numbers (n_chosen,), rising from 0, of at most so many of n rows; all of them where there are no more.

    One row at least, and at least one to choose.

    Examples
    --------
    >>> at_equal_steps(10, 4).tolist(), at_equal_steps(3, 4).tolist()
    ([0, 2, 5, 7], [0, 1, 2])
    """
    numbers: IntArray = np.arange(min(n, n_most)) * n // min(n, n_most)
    return numbers


def upper_whisker(values: FloatArray) -> float:
    """Largest of the values (n,) that is not an outlier above: at most Q₃ + 1.5 (Q₃ − Q₁) (Tukey's box plot).

    Quartiles are linear between values. No value is NaN, and there is one at least.

    Examples
    --------
    >>> import numpy as np
    >>> upper_whisker(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 100.0]))
    4.0
    """
    low, high = np.quantile(values, (0.25, 0.75))
    return float(values[values <= high + 1.5 * (high - low)].max())


def nearest_distance(rows: Float32Array, others: Float32Array) -> FloatArray:
    """Euclidean distance (n,), float64, from each row (n, d) to the nearest of the others (m, d), one at least; no NaN.

    Examples
    --------
    >>> rows, others = np.array([[0.0, 0.0], [3.0, 4.0]], np.float32), np.array([[3.0, 4.0], [9.0, 9.0]], np.float32)
    >>> nearest_distance(rows, others).tolist()
    [5.0, 0.0]
    """
    # The nearest is found by |y|² − 2 x·y, one matrix product; its distance is then computed from the difference, for
    # the product's rounding would give two equal rows a distance.
    lengths = np.einsum("ij,ij->i", others, others)
    step = max(1, min(_ROWS_PER_CHUNK, _DISTANCES_PER_CHUNK // len(others)))
    chunks = [rows[start : start + step] for start in range(0, len(rows), step)]
    nearest = np.concatenate([_nearest(chunk, others, lengths) for chunk in chunks])
    distances: FloatArray = np.linalg.norm(rows - others[nearest], axis=1).astype(np.float64)
    return distances


def _nearest(rows: Float32Array, others: Float32Array, lengths: Float32Array) -> IntArray:
    """Number (n,) of the nearest of the others (m, d), whose squared lengths (m,) are known."""
    distances = -2 * rows @ others.T
    distances += lengths
    numbers: IntArray = distances.argmin(axis=1)
    return numbers


def _place(features: pd.DataFrame, medians: FloatArray, means: FloatArray, factors: FloatArray) -> Float32Array:
    values = features.to_numpy(dtype=np.float64)
    placed = np.where(np.isnan(values), medians, values)
    placed -= means
    placed *= factors
    return placed.astype(np.float32)
