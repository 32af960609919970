"""What one classifier has learned, in the units of the features and without what has no rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entropice.espa.data.training_data import TrainingData
from entropice.espa.updates import Boxes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """What one classifier has learned, for the classes that have rows.

    Attributes
    ----------
    classes
        (M,) labels.
    centers
        (K, D), in the units of the features.
    probabilities
        (M, K).
    descent_centers, descent_probabilities
        (J, D) and (M, J): the same before the re-assignment.
    eps_entropy
        Strength of the entropy of the feature weights, infinite where all are equal.
    feature_weights, metric, means, scales
        (D,): a distance is the sum of ``metric * ((x - center) / scale)**2`` over the observed features.
    curve
        Objective after every sweep.
    """

    classes: NDArray[Any]
    centers: Floats
    probabilities: Floats
    descent_centers: Floats
    descent_probabilities: Floats
    eps_entropy: float
    feature_weights: Floats
    metric: Floats
    means: Floats
    scales: Floats
    curve: Floats


def in_feature_units(
    data: TrainingData,
    weighting: int,
    reassigned: Boxes,
    solved: Boxes,
    precisions: Floats,
    scales: Floats,
    curve: Floats,
) -> Fitted:
    """Take the only fit (1, ...) of two batches: leave out boxes and classes without rows, add the feature means.

    Batches hold boxes that are padding, and the classes of all weightings; what a classifier tells holds neither.

    Sizes: D features, K boxes.

    Parameters
    ----------
    data, weighting
        What was learned from, and the number of the weighting in it.
    reassigned, solved
        Boxes (1, ...) after the re-assignment and before.
    precisions, scales
        (D,), under the weighting.
    curve
        Objective after every sweep, (sweeps,).

    Returns
    -------
    Fitted
        Centres (K, D) in the units of the features, of the boxes that are alive; classes and probabilities of the
        classes that have rows under the weighting; a metric that is each feature's weight over its observed weight.
    """
    has_class = data.class_shares[weighting] > 0
    means = data.features.means[weighting]
    is_alive, was_alive = reassigned.is_alive[0], solved.is_alive[0]
    return Fitted(
        classes=data.classes[has_class],
        centers=reassigned.centers[0][is_alive] + means,
        probabilities=reassigned.probabilities[0][has_class][:, is_alive],
        descent_centers=solved.centers[0][was_alive] + means,
        descent_probabilities=solved.probabilities[0][has_class][:, was_alive],
        eps_entropy=float(reassigned.eps_entropy[0]),
        feature_weights=reassigned.feature_weights[0],
        metric=reassigned.feature_weights[0] * precisions * scales**2,
        means=means,
        scales=scales,
        curve=curve,
    )
