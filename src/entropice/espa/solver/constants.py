"""What a fit holds fixed while it sweeps: constants of features and classes, and strengths of the penalties."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.missing_values import one_hot
from entropice.espa.data.training_data import FeatureStatistics
from entropice.espa.updates import FitConstants, Penalties

Floats = NDArray[np.float64]


def feature_scales(features: FeatureStatistics, scale: str | None) -> Floats:
    """Scale of every feature under every weighting (F, D): its extent, or 1 without scaling or extent."""
    return np.where(features.varies & (scale == "minmax"), features.highest - features.lowest, 1.0)


def fit_constants(
    features: FeatureStatistics, class_shares: Floats, label_ratios: Floats, scales: Floats, origin: Floats
) -> FitConstants:
    """Constants under every weighting (F, ...).

    Parameters
    ----------
    features
        Statistics of the features.
    class_shares, label_ratios
        (F, M): weight of each class, and its label weight over that.
    scales
        (F, D), of `feature_scales`; the rows themselves are never scaled, for a distance is linear in ``1 / scale**2``.
    origin
        (D,): point that the assignment step reads values from.
    """
    # Divided by its observed weight, a feature that is mostly missing cannot win weight by having few errors.
    denominators = features.observed * scales**2
    return FitConstants(
        offsets=features.means - origin,
        squares=features.squares,
        precisions=np.divide(1.0, denominators, out=np.zeros_like(scales), where=features.varies),
        partial=one_hot(features.partial_columns, len(origin)),
        class_shares=class_shares,
        label_ratios=label_ratios,
    )


def label_weight_ratios(
    classes: NDArray[Any], class_shares: Floats, class_weight: Mapping[Any, float] | Literal["balanced"] | None
) -> Floats:
    """Label weight over row weight by weighting and class (F, M), so that label weights sum to 1.

    Of classes (M,) with shares (F, M): ``ρ_m = f_m / Σ_m f_m share_m`` with the class's factor f, 1 / share when
    balanced; 0 for a class that a weighting lacks, when balanced.
    """
    if class_weight == "balanced":
        factors = np.divide(1.0, class_shares, out=np.zeros_like(class_shares), where=class_shares > 0)
    else:
        by_label = {} if class_weight is None else dict(class_weight)
        factors = np.array([[by_label.get(label, 1.0) for label in classes.tolist()]] * len(class_shares))
    ratios: Floats = factors / (factors * class_shares).sum(axis=1, keepdims=True)
    return ratios


def penalties_of(estimators: Sequence[Any]) -> Penalties:
    """Penalties (B,) of estimators.

    Affiliations cost nothing where they are hard, nor does the entropy of the weights where it is a constraint.
    """
    names = [field.name for field in fields(Penalties)]
    columns = np.array([[getattr(each, name) for name in names] for each in estimators], dtype=np.float64)
    penalties = Penalties(*columns.T)
    is_soft = np.array([each.affiliation == "soft" for each in estimators])
    is_penalised = np.array([each.n_effective_features is None for each in estimators])
    return replace(
        penalties,
        eps_entropy=penalties.eps_entropy * is_penalised,
        eps_affiliation=penalties.eps_affiliation * is_soft,
    )
