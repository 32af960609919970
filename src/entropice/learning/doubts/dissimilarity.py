"""How unlike the training rows a row is: the dissimilarity index of Meyer and Pebesma.

Features are standardised by the training rows and multiplied by their weight in the model; an unknown value takes the
training median. With d the Euclidean distance and d̄ its mean over pairs of training rows (of `ROWS_OF_MEAN` of them at
equal steps where there are more),

    DI(x) = minⱼ d(x, xⱼ) / d̄.

The threshold is the upper whisker of the DI that training rows have against the training rows of the folds that hold
them out: the largest value not above Q₃ + 1.5 (Q₃ − Q₁). Up to there the out-of-fold scores speak of such rows (Meyer
and Pebesma 2021, doi:10.1111/2041-210X.13650).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from entropice.types import Float32Array, FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

ROWS_OF_MEAN: Final = 4096
"""Whose pairs the mean is taken of; it is the unit of index and threshold alike, so that no verdict depends on it."""

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
        (n, n_feature) training rows in that space.
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
        """Dissimilarity index (n,) of rows with these features."""
        return nearest_distance(self._place(features), self.rows) / self.mean_distance

    def _place(self, features: pd.DataFrame) -> Float32Array:
        return _place(features[list(self.names)], self.medians, self.means, self.factors)

    def to_arrays(self) -> "tuple[NamedArrays, dict[str, Any]]":
        """Take it apart into arrays and a JSON document."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        return arrays, {
            "names": list(self.names),
            "mean_distance": self.mean_distance,
            "threshold": self.threshold,
        }

    @classmethod
    def from_arrays(cls, arrays: "NamedArrays", document: Mapping[str, Any]) -> Self:
        """Put together what `to_arrays` took apart."""
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

    Parameters
    ----------
    features
        (n, n_feature) of the training rows; those without two different values do not count.
    weights
        (n_feature,) of the features in the model, not negative.
    splits
        Numbers of the training and test rows of each fold.
    """
    varies = (features.max() > features.min()).to_numpy() & (weights > 0)
    kept = features.loc[:, varies]
    medians = kept.median().to_numpy()
    filled = kept.fillna(kept.median())
    means, factors = filled.mean().to_numpy(), weights[varies] / filled.std().to_numpy()
    rows = _place(kept, medians, means, factors)
    mean_distance = float(pdist(rows[at_equal_steps(len(rows), ROWS_OF_MEAN)]).mean())
    held_out = np.concatenate([nearest_distance(rows[test], rows[train]) for train, test in splits])
    return Dissimilarity(
        tuple(kept.columns), medians, means, factors, rows, mean_distance, upper_whisker(held_out / mean_distance)
    )


def at_equal_steps(n: int, n_most: int) -> IntArray:
    """Numbers of at most so many of n rows."""
    numbers: IntArray = np.arange(min(n, n_most)) * n // min(n, n_most)
    return numbers


def upper_whisker(values: FloatArray) -> float:
    """Largest of the values that is not an outlier above (Tukey's box plot)."""
    low, high = np.quantile(values, (0.25, 0.75))
    return float(values[values <= high + 1.5 * (high - low)].max())


def nearest_distance(rows: Float32Array, others: Float32Array) -> FloatArray:
    """Euclidean distance (n,) from each row (n, d) to the nearest of the others (m, d)."""
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
