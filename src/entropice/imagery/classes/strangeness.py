"""How strange an image is to a model: an alarm that says "none of these" where no class of the training images fits.

The strangeness of features x is the least squared Mahalanobis distance to a class (Lee et al. 2018, arXiv:1807.03888),

    minₖ (x − μₖ)ᵀ Σ⁻¹ (x − μₖ),   Σ = (1 − s) S + s tr(S)/d · I,

μₖ the mean of class k, S the covariance of all training images about the means of their classes, s the shrinkage of
Ledoit and Wolf (2004, doi:10.1016/S0047-259X(03)00096-4), which is what lets a few images tell of many features.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.covariance import ledoit_wolf_shrinkage

from entropice.errors import LabelError
from entropice.types import BoolArray, FloatArray, IntArray

_LEAST_VARIANCE: Final = 1e-12
"""Of features that vary nowhere, as those of a network that has not learned may."""


@dataclass(frozen=True, eq=False)
class Familiar:
    """What the features of training images are like.

    Attributes
    ----------
    means
        (class, feature).
    directions
        (direction, feature), orthonormal: those in which S is above 0.
    variances
        (direction,) of Σ along them.
    rest
        Variance of Σ across them.
    """

    means: FloatArray
    directions: FloatArray
    variances: FloatArray
    rest: float

    def strangeness(self, features: FloatArray) -> FloatArray:
        """(n,) of features (n, feature)."""
        away = features[:, None, :] - self.means
        along = away @ self.directions.T
        across = np.maximum((away**2).sum(axis=-1) - (along**2).sum(axis=-1), 0.0)
        distances = (along**2 / self.variances).sum(axis=-1) + across / self.rest
        return np.asarray(distances.min(axis=-1), dtype=np.float64)


def fit_familiar(features: FloatArray, labels: IntArray, n_classes: int) -> Familiar:
    """What features (n, feature) of training images of classes (n,) are like.

    Raises
    ------
    LabelError
        A class has no image.
    """
    n_images = np.bincount(labels, minlength=n_classes)
    if not n_images.all():
        raise LabelError(
            "A class has no training image.", field="label", got=n_images.tolist(), expected="some of each"
        )
    means = np.eye(n_classes)[labels].T @ features / n_images[:, None]
    within = features - means[labels]
    shrinkage = float(ledoit_wolf_shrinkage(within, assume_centered=True))
    mean_variance = max(float((within**2).mean()), _LEAST_VARIANCE)
    _, singular, directions = np.linalg.svd(within, full_matrices=False)
    variances = (1 - shrinkage) * singular**2 / len(within) + shrinkage * mean_variance
    least = _LEAST_VARIANCE * mean_variance
    return Familiar(means, directions, np.maximum(variances, least), max(shrinkage * mean_variance, least))


@dataclass(frozen=True)
class Alarm:
    """From which strangeness on the answer is "none of these".

    Attributes
    ----------
    threshold
        Strangeness above it rings.
    false_alarm_rate
        Expected share, at most, of images like the validation images that ring it.
    """

    threshold: float
    false_alarm_rate: float

    def rings(self, strangeness: FloatArray) -> BoolArray:
        """Whether images (n,) are none of the classes."""
        return np.asarray(strangeness > self.threshold)


def fit_alarm(strangeness: FloatArray, false_alarm_rate: float) -> Alarm:
    """The alarm that rings for a share of images like these, at most.

    Parameters
    ----------
    strangeness
        (n,) of validation images, n ≥ 1.
    false_alarm_rate
        Share that is asked for. Of fewer than 1 / rate − 1 images no threshold promises it: the alarm then rings above
        the strangest of them, and says the rate of that, 1 / (n + 1).

    Notes
    -----
    An image that is exchangeable with n others is stranger than the m-th least strange of them with a chance of
    (n + 1 − m) / (n + 1) at most: split conformal prediction (Vovk et al. 2005, doi:10.1007/b106715).
    """
    n_images = len(strangeness)
    rank = min(int(np.ceil((1 - false_alarm_rate) * (n_images + 1))), n_images)
    return Alarm(float(np.sort(strangeness)[rank - 1]), (n_images + 1 - rank) / (n_images + 1))
