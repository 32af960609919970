"""Rows, classes and weightings of one or many fits, checked and summarised before the first sweep."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from entropice.espa.moments import FeatureMoments, feature_moments
from entropice.espa.rows import Rows
from entropice.espa.starts import Pool, draw_pool, row_keys

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
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
        Summary of the features under each weighting.
    class_shares
        (F, M): weight of each class.
    """

    rows: Rows
    classes: NDArray[Any]
    codes: NDArray[np.int32]
    weights: Floats
    features: FeatureMoments
    class_shares: Floats

    @functools.cached_property
    def order(self) -> NDArray[np.int64]:
        """Canonical order (T,) of the rows; rows equal up to an exchange of features keep their given order."""
        unsalted = np.zeros(self.rows.shape[1], np.uint64)
        return row_keys(self.rows, self.codes, unsalted).argsort(kind="stable")

    def pool(self, weighting: int, n_boxes: int) -> Pool:
        """Rows to draw starts from under a weighting."""
        weights, means = self.weights[weighting], self.features.means[weighting]
        return draw_pool(self.rows, self.codes, self.order, weights, means, n_boxes)

    def label_ratios(self, class_weight: Mapping[Any, float] | Literal["balanced"] | None) -> Floats:
        """Label weight over row weight by weighting and class (F, M), so that label weights sum to 1."""
        if class_weight == "balanced":
            factors = np.divide(
                1.0, self.class_shares, out=np.zeros_like(self.class_shares), where=self.class_shares > 0
            )
        else:
            by_label = {} if class_weight is None else dict(class_weight)
            factors = np.array([[by_label.get(label, 1.0) for label in self.classes.tolist()]] * len(self.weights))
        ratios: Floats = factors / (factors * self.class_shares).sum(axis=1, keepdims=True)
        return ratios


def gather_evidence(
    rows: Rows, labels: NDArray[Any], weights: Floats, feature_names: Sequence[str], places: Sequence[str]
) -> Evidence:
    """Check and summarise what fits learn from.

    Parameters
    ----------
    rows
        (T, D); NaN is missing.
    labels
        (T,) classes.
    weights
        (F, T), not negative, any sums; normalised in place.
    feature_names, places
        What features (D,) and weightings (F,) are called in messages.

    Raises
    ------
    ValueError
        If a weighting is zero everywhere, leaves fewer than two classes, or leaves a feature without a value.
    """
    totals = weights.sum(axis=1, keepdims=True)
    if not (totals > 0).all():
        place = places[int(totals.argmin())]
        raise ValueError(f"Every sample_weight is zero in {place}; at least one must be positive.")
    weights /= totals
    is_used = weights.any(axis=0)
    classes = np.unique(labels if is_used.all() else labels[is_used])
    codes = np.minimum(np.searchsorted(classes, labels), len(classes) - 1).astype(np.int32)
    class_shares = np.array([np.bincount(codes, share, minlength=len(classes)) for share in weights])
    _check_classes(classes, class_shares, places)
    features = feature_moments(rows, weights)
    _check_features(features, feature_names, places, (weights > 0).sum(axis=1))
    return Evidence(rows, classes, codes, weights, features, class_shares)


def _check_classes(classes: NDArray[Any], class_shares: Floats, places: Sequence[str]) -> None:
    n_present = (class_shares > 0).sum(axis=1)
    worst = int(n_present.argmin())
    if n_present[worst] < 2:
        only = classes[class_shares[worst].argmax()]
        raise ValueError(
            f"eSPA needs rows of at least 2 classes, but {places[worst]} contain only one class of positive weight: "
            f"{only!s}. Add rows of another class."
        )


def _check_features(
    features: FeatureMoments, names: Sequence[str], places: Sequence[str], n_rows: NDArray[np.int64]
) -> None:
    is_empty = features.observed == 0
    if is_empty.any():
        place, feature = np.argwhere(is_empty)[0]
        raise ValueError(
            f"Feature {names[feature]} has no value in {places[place]} (n_samples={n_rows[place]} of positive weight; "
            f"{is_empty[place].sum()} such features): drop it, or add rows that have it."
        )
    is_flat = ~features.varies.any(axis=1)
    if is_flat.any():
        place = int(is_flat.argmax())
        raise ValueError(
            f"No feature varies in {places[place]} (n_samples={n_rows[place]} of positive weight): "
            "add rows or features."
        )
