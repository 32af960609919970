"""What fits learn from: rows, classes and weightings of the rows, checked, and statistics of the features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.missing_values import find_missing
from entropice.espa.data.rows import Rows
from entropice.espa.jit import compiled

Floats = NDArray[np.float64]

HEADROOM: Final = 2.0**20
"""Factor between a feature's magnitude and what can be squared, so that sums of squares stay numbers, too."""


@dataclass(frozen=True)
class FeatureStatistics:
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
        """Whether each feature (F, D) has two different values among rows of positive weight."""
        return self.highest > self.lowest


@dataclass(frozen=True)
class TrainingData:
    """What fits learn from.

    Attributes
    ----------
    rows
        (T, D).
    classes
        (M,) class labels.
    codes
        (T,) index of each row's class.
    weights
        (F, T): weightings of the rows, each of sum 1.
    features
        Statistics of the features under each weighting.
    class_shares
        (F, M): weight of each class.
    """

    rows: Rows
    classes: NDArray[Any]
    codes: NDArray[np.int32]
    weights: Floats
    features: FeatureStatistics
    class_shares: Floats


def prepare_training_data(
    rows: Rows, labels: NDArray[Any], weights: Floats, feature_names: Sequence[str], weighting_names: Sequence[str]
) -> TrainingData:
    """Check and summarise what fits learn from.

    Sizes: F weightings of the rows, T rows, D features.

    Parameters
    ----------
    rows
        (T, D); NaN is missing.
    labels
        (T,) classes.
    weights
        (F, T), not negative, any sums; normalised in place.
    feature_names, weighting_names
        What features (D,) and weightings (F,) are called in messages.

    Returns
    -------
    TrainingData
        Classes ascending; a label that only rows of weight 0 have is none of them.

    Raises
    ------
    ValueError
        In this order: if a weighting is zero everywhere, leaves fewer than two classes, leaves a feature without a
        value or none that varies; if the squares of a feature's values cannot be summed in the precision of the rows: a
        value above 1.8e13 in float32 (1.3e148 in float64), or an extent below 1.1e-13 (1.6e-148) but not 0.

    Examples
    --------
    Weights 3 and 1 become shares. The class of the row of weight 0 is left out.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> rows, labels = rows_of(np.array([[1.0], [3.0], [2.0]]), None), np.array(["b", "a", "c"])
    >>> data = prepare_training_data(rows, labels, np.array([[3.0, 1.0, 0.0]]), ["slope"], ["the rows"])
    >>> data.classes.tolist(), data.class_shares.tolist(), data.weights.tolist()
    (['a', 'b'], [[0.25, 0.75]], [[0.75, 0.25, 0.0]])
    >>> data.features.means.tolist()
    [[1.5]]
    """
    totals = weights.sum(axis=1, keepdims=True)
    if not (totals > 0).all():
        name = weighting_names[int(totals.argmin())]
        raise ValueError(f"Every sample_weight is zero in {name}; at least one must be positive.")
    weights /= totals
    is_used = weights.any(axis=0)
    classes = np.unique(labels if is_used.all() else labels[is_used])
    # A label that only rows of weight 0 have is no class; it gets any code, as such rows count nowhere.
    codes = np.minimum(np.searchsorted(classes, labels), len(classes) - 1).astype(np.int32)
    class_shares = np.array([np.bincount(codes, share, minlength=len(classes)) for share in weights])
    _check_classes(classes, class_shares, weighting_names)
    features = feature_statistics(rows, weights)
    _check_features(features, feature_names, weighting_names, (weights > 0).sum(axis=1))
    _check_magnitudes(features, feature_names, np.finfo(rows.dtype))
    return TrainingData(rows, classes, codes, weights, features, class_shares)


def feature_statistics(rows: Rows, weights: Floats) -> FeatureStatistics:
    """Summarise the features in two passes over the rows (T, D), NaN is missing; weights (F, T) of sum 1.

    Squares are summed relative to the means: as a difference of two sums they would cancel in a feature whose offset is
    many times its spread. A feature without a value has mean 0 and observed weight 0.

    Sizes: F weightings of the rows, T rows, D features.

    Examples
    --------
    Weights 1/4 and 3/4 of 1 and 3: mean 2.5, squares (2.25 + 3 · 0.25) / 4. The second feature lacks its first value.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> rows = rows_of(np.array([[1.0, np.nan], [3.0, 5.0]]), None)
    >>> features = feature_statistics(rows, np.array([[0.25, 0.75]]))
    >>> features.means.tolist(), features.squares.tolist(), features.observed.tolist()
    ([[2.5, 5.0]], [[0.75, 0.0]], [[1.0, 0.75]])
    >>> features.partial_columns.tolist(), features.varies.tolist()
    ([1], [[True, False]])
    """
    shape = len(weights), rows.shape[1]
    lowest, highest = np.full(shape, np.inf), np.full(shape, -np.inf)
    sums, observed, squares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    is_partial = np.zeros(shape[1], np.bool_)
    for where, chunk in rows.chunks():
        find_missing(chunk, is_partial)
        add_extent(chunk, weights[:, where], lowest, highest, sums, observed)
    means = np.divide(sums, observed, out=np.zeros(shape), where=observed > 0)
    for where, chunk in rows.chunks():
        add_squares(chunk, weights[:, where], means, squares)
    return FeatureStatistics(lowest, highest, means, squares, observed, np.flatnonzero(is_partial))


@compiled
def add_extent(values, weights, lowest, highest, sums, observed):  # type: ignore[no-untyped-def]
    """Widen the extent (F, D), and add to weighted sums and observed weights (F, D), by values (n, D).

    All in place, in double precision; weights are (F, n). NaN takes no part, nor do rows of weight 0.

    Sizes: F weightings of the rows, D features.
    """
    for f in range(len(weights)):
        # Comparisons with NaN are false, so that a missing value moves neither end; a minimum would pass it on.
        low, high, total, seen = lowest[f], highest[f], sums[f], observed[f]
        for t in range(len(values)):
            weight = weights[f, t]
            if weight > 0:
                for d in range(values.shape[1]):
                    value = np.float64(values[t, d])
                    low[d] = value if value < low[d] else low[d]
                    high[d] = value if value > high[d] else high[d]
                    total[d] += weight * value if value == value else 0.0
                    seen[d] += weight if value == value else 0.0


@compiled
def add_squares(values, weights, means, squares):  # type: ignore[no-untyped-def]
    """Add weighted squared deviations from the mean (F, D), in place, by values (n, D) with weights (F, n).

    In double precision. NaN takes no part, nor do rows of weight 0.

    Sizes: F weightings of the rows, D features.
    """
    for f in range(len(weights)):
        mean, total = means[f], squares[f]
        for t in range(len(values)):
            weight = weights[f, t]
            if weight > 0:
                for d in range(values.shape[1]):
                    difference = np.float64(values[t, d]) - mean[d]
                    total[d] += weight * difference * difference if difference == difference else 0.0


def _check_classes(classes: NDArray[Any], class_shares: Floats, weighting_names: Sequence[str]) -> None:
    n_present = (class_shares > 0).sum(axis=1)
    worst = int(n_present.argmin())
    if n_present[worst] < 2:
        only = classes[class_shares[worst].argmax()]
        raise ValueError(
            f"eSPA needs rows of at least 2 classes, but {weighting_names[worst]} contain only one class of positive "
            f"weight: {only!s}. Add rows of another class."
        )


def _check_features(
    features: FeatureStatistics,
    feature_names: Sequence[str],
    weighting_names: Sequence[str],
    n_rows: NDArray[np.int64],
) -> None:
    is_empty = features.observed == 0
    if is_empty.any():
        weighting, feature = np.argwhere(is_empty)[0]
        raise ValueError(
            f"Feature {feature_names[feature]} has no value in {weighting_names[weighting]} "
            f"(n_samples={n_rows[weighting]} of positive weight; {is_empty[weighting].sum()} such features): drop it, "
            "or add rows that have it."
        )
    is_flat = ~features.varies.any(axis=1)
    if is_flat.any():
        weighting = int(is_flat.argmax())
        raise ValueError(
            f"No feature varies in {weighting_names[weighting]} (n_samples={n_rows[weighting]} of positive weight): "
            "add rows or features."
        )


def _check_magnitudes(features: FeatureStatistics, feature_names: Sequence[str], precision: Any) -> None:
    # Squares overflow at the one end and vanish at the other, without a word: a distance would be infinite or 0.
    largest = float(np.sqrt(precision.max)) / HEADROOM
    smallest = float(np.sqrt(precision.tiny)) * HEADROOM
    magnitudes = np.maximum(np.abs(features.lowest), np.abs(features.highest))
    is_outside = (magnitudes > largest) | (features.varies & (features.highest - features.lowest < smallest))
    if is_outside.any():
        weighting, feature = np.argwhere(is_outside)[0]
        raise ValueError(
            f"Feature {feature_names[feature]} lies in {features.lowest[weighting, feature]:.3g} to "
            f"{features.highest[weighting, feature]:.3g}, and such values cannot be squared in {precision.dtype}: "
            f"change its unit, so that it is below {largest:.0e} and its extent above {smallest:.0e}."
        )
