"""How strange an image is: an alarm that says "none of these" where no class of the training images fits.

The strangeness of features x is the least squared Mahalanobis distance to a class (Lee et al. 2018, arXiv:1807.03888),
here with a covariance of each class's own,

    minₖ (x − μₖ)ᵀ Σₖ⁻¹ (x − μₖ),

μₖ and Σₖ the mean and covariance of class k among the training images, Σₖ shrunk towards a multiple of the unit matrix
(Ledoit and Wolf 2004, doi:10.1016/S0047-259X(03)00096-4), so that some dozens of images tell of as many features.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.covariance import ledoit_wolf

from entropice.errors import LabelError
from entropice.types import BoolArray, FloatArray, IntArray

_LEAST_VARIANCE: Final = 1e-9
"""Of features that vary nowhere."""


@dataclass(frozen=True, eq=False)
class Familiar:
    """What the features of training images are like.

    Attributes
    ----------
    means
        (class, feature).
    precisions
        (class, feature, feature), inverse covariances.
    """

    means: FloatArray
    precisions: FloatArray

    def strangeness(self, features: FloatArray) -> FloatArray:
        """(n,) of features (n, feature).

        minₖ (x − μₖ)ᵀ Σₖ⁻¹ (x − μₖ), 0 or more; NaN where a feature is.

        Examples
        --------
        Two classes about 0 and 10, of variances 1 and ¼:

        >>> familiar = Familiar(np.array([[0.0], [10.0]]), np.array([[[1.0]], [[4.0]]]))
        >>> familiar.strangeness(np.array([[1.0], [9.0], [4.0]])).tolist()
        [1.0, 4.0, 16.0]
        """
        away = features[:, None, :] - self.means
        distances = np.einsum("nkf,kfg,nkg->nk", away, self.precisions, away)
        return np.asarray(distances.min(axis=1), dtype=np.float64)


def fit_familiar(features: FloatArray, labels: IntArray, n_classes: int) -> Familiar:
    """What features (n, feature) of training images of classes (n,) are like.

    Labels are numbers from 0 below `n_classes`; 1e-9 is added to all variances, for features that vary nowhere.

    Raises
    ------
    LabelError
        A class has fewer than two images.

    Notes
    -----
    μₖ is the mean of the features of class k, Σₖ their covariance shrunk towards a multiple of the unit matrix (Ledoit
    and Wolf 2004, doi:10.1016/S0047-259X(03)00096-4; `sklearn.covariance.ledoit_wolf` of x − μₖ with
    ``assume_centered``), of which the inverse is kept.

    Examples
    --------
    >>> features = np.array([[0.0, 1.0], [2.0, 1.0], [10.0, 0.0], [10.0, 4.0]])
    >>> fit_familiar(features, np.array([0, 0, 1, 1]), 2).means.tolist()
    [[1.0, 1.0], [10.0, 2.0]]
    """
    n_images = np.bincount(labels, minlength=n_classes)
    if n_images.min() < 2:
        got = ", ".join(map(str, n_images))
        raise LabelError("A class has too few training images.", field="label", got=got, expected="two or more of each")
    parts = [features[labels == number] for number in range(n_classes)]
    means = np.stack([part.mean(axis=0) for part in parts])
    return Familiar(means, np.stack([_precision(part - mean) for part, mean in zip(parts, means, strict=True)]))


def _precision(away: FloatArray) -> FloatArray:
    # Centred by the mean of the class; each class has a covariance of its own, so that a varied class makes no other
    # one wide.
    covariance, _ = ledoit_wolf(away, assume_centered=True)
    return np.asarray(np.linalg.inv(covariance + _LEAST_VARIANCE * np.eye(len(covariance))), dtype=np.float64)


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
        """Whether images (n,) are none of the classes.

        One that is exactly at the threshold does not ring; nor does NaN.

        Examples
        --------
        >>> Alarm(threshold=8.0, false_alarm_rate=0.2).rings(np.array([8.0, 8.1])).tolist()
        [False, True]
        """
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
    (n + 1 − m) / (n + 1) at most: split conformal prediction (Vovk et al. 2005, doi:10.1007/b106715). The threshold is
    that of m = min(⌈(1 − rate)(n + 1)⌉, n), and this chance is the rate that the alarm says.

    Examples
    --------
    Of nine images: two in ten further ones are stranger than the eighth, at most. One in a hundred is more than nine
    images can promise.

    >>> fit_alarm(np.arange(1.0, 10.0), 0.2), fit_alarm(np.arange(1.0, 10.0), 0.01)
    (Alarm(threshold=8.0, false_alarm_rate=0.2), Alarm(threshold=9.0, false_alarm_rate=0.1))
    """
    n_images = len(strangeness)
    rank = min(int(np.ceil((1 - false_alarm_rate) * (n_images + 1))), n_images)
    return Alarm(float(np.sort(strangeness)[rank - 1]), (n_images + 1 - rank) / (n_images + 1))
