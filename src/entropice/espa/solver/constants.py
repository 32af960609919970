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
    """Scale of every feature under every weighting (F, D), in its unit: its extent, or 1 without scaling or extent.

    `scale` is ``"minmax"`` or None. The extent is that of the observed values in rows of positive weight.

    Sizes: F weightings of the rows, D features.

    Examples
    --------
    Of the second feature only one value counts.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> from entropice.espa.data.training_data import feature_statistics
    >>> features = feature_statistics(rows_of(np.array([[1.0, np.nan], [3.0, 5.0]]), None), np.array([[0.25, 0.75]]))
    >>> feature_scales(features, "minmax").tolist(), feature_scales(features, None).tolist()
    ([[2.0, 1.0]], [[1.0, 1.0]])
    """
    return np.where(features.varies & (scale == "minmax"), features.highest - features.lowest, 1.0)


def fit_constants(
    features: FeatureStatistics, class_shares: Floats, label_ratios: Floats, scales: Floats, origin: Floats
) -> FitConstants:
    """Constants under every weighting (F, ...).

    Sizes: F weightings of the rows, D features, M classes.

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

    Returns
    -------
    FitConstants
        ``offsets``, the means minus the origin, ``squares``, the weighted sums of squared deviations, and
        ``precisions``, 1 / (observed weight · scale²) or 0 for a feature that does not vary, (F, D) each; ``partial``,
        a row for each feature with missing values, 1 in its column; shares and ratios of the classes as given.

    Examples
    --------
    An extent of 2, observed throughout: the precision is 1 / (1 · 2²). The second feature does not vary.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> from entropice.espa.data.training_data import feature_statistics
    >>> features = feature_statistics(rows_of(np.array([[1.0, np.nan], [3.0, 5.0]]), None), np.array([[0.25, 0.75]]))
    >>> scales, shares = feature_scales(features, "minmax"), np.array([[0.25, 0.75]])
    >>> constants = fit_constants(features, shares, np.ones((1, 2)), scales, origin=np.zeros(2))
    >>> constants.precisions.tolist(), constants.offsets.tolist(), constants.partial.tolist()
    ([[0.25, 0.0]], [[2.5, 5.0]], [[0.0, 1.0]])
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
    balanced; 0 for a class that a weighting lacks, when balanced. Without a factor of its own a class has 1.

    Sizes: F weightings of the rows, M classes.

    Examples
    --------
    Balanced, 1/4 · 2 and 3/4 · 2/3 weigh alike. With a factor of 3 for class 1: 1 / (1/4 + 3 · 3/4) and thrice that.

    >>> import numpy as np
    >>> classes, shares = np.array([0, 1]), np.array([[0.25, 0.75]])
    >>> label_weight_ratios(classes, shares, "balanced").round(6).tolist()
    [[2.0, 0.666667]]
    >>> label_weight_ratios(classes, shares, {1: 3.0}).round(6).tolist()
    [[0.4, 1.2]]
    """
    if class_weight == "balanced":
        factors = np.divide(1.0, class_shares, out=np.zeros_like(class_shares), where=class_shares > 0)
    else:
        by_label = {} if class_weight is None else dict(class_weight)
        factors = np.array([[by_label.get(label, 1.0) for label in classes.tolist()]] * len(class_shares))
    ratios: Floats = factors / (factors * class_shares).sum(axis=1, keepdims=True)
    return ratios


def penalties_of(estimators: Sequence[Any]) -> Penalties:
    """Penalties (B,) of estimators: their parameters of the names that `Penalties` has.

    Affiliations cost nothing where they are hard, nor does the entropy of the weights where it is a constraint. In
    memory, float64, in the order of the estimators.

    Examples
    --------
    >>> from entropice.espa.classifier import ESPAClassifier
    >>> soft = ESPAClassifier(n_effective_features=2.0, affiliation="soft", eps_affiliation=0.5)
    >>> penalties = penalties_of([ESPAClassifier(eps_entropy=0.25), soft])
    >>> penalties.eps_entropy.tolist(), penalties.n_effective_features.tolist(), penalties.eps_affiliation.tolist()
    ([0.25, 0.0], [nan, 2.0], [0.0, 0.5])
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
