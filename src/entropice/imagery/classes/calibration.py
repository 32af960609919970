"""Logits of classes that mean what they say.

A calibrated log odds of classes k and j is

    log pₖ / pⱼ = s (zₖ − zⱼ) + bₖ − bⱼ,

1 / s the temperature (Guo et al. 2017, arXiv:1706.04599), b one intercept a class, for losses that weigh classes give
chances of another prevalence than the one that is met. Both maximise the likelihood of validation images times weak
priors: log s and each bₖ are normal about 0 with standard deviation 1. So few images that are all answered rightly give
no infinite confidence, and some dozens decide alone.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from entropice.types import FloatArray, IntArray

SLOPES: Final = (1e-3, 1e3)
"""At the lower end a model says the prevalence, which is all that one worth nothing should say."""


@dataclass(frozen=True)
class ClassCalibration:
    """A line through the logits of each class.

    Attributes
    ----------
    slope
        s, within `SLOPES`, so that the order of images stays.
    intercepts
        b of each class.
    """

    slope: float
    intercepts: tuple[float, ...]

    @property
    def temperature(self) -> float:
        """1 / s; above 1 chances are made less sure."""
        return 1 / self.slope

    def logits(self, logits: FloatArray) -> FloatArray:
        """Calibrated logits s zₖ + bₖ (…, class) of raw ones z (…, class).

        Examples
        --------
        >>> ClassCalibration(0.5, (0.0, 1.0)).logits(np.array([[2.0, 4.0]])).tolist()
        [[1.0, 3.0]]
        """
        return np.asarray(self.slope * logits + np.array(self.intercepts), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document, ``slope intercepts``, that `from_json` reads back exactly."""
        return {"slope": self.slope, "intercepts": list(self.intercepts)}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote; other entries are left alone, a missing one raises KeyError."""
        return cls(document["slope"], tuple(document["intercepts"]))


def as_it_is(n_classes: int) -> ClassCalibration:
    """A calibration that changes nothing: slope 1, intercepts 0."""
    return ClassCalibration(1.0, (0.0,) * n_classes)


def fit_calibration(logits: FloatArray, labels: IntArray) -> ClassCalibration:
    """Slope and intercepts of raw logits (n, class) of validation images with labels (n,), numbers of classes from 0.

    A class may be without an image; without any image the slope is 1 and the intercepts are 0.

    Notes
    -----
    With C = softmax(s z + b) they minimise −Σᵢ log C(labelᵢ) + ((log s)² + Σₖ bₖ²) / 2, s within `SLOPES` (1e-3 to
    1e3), by L-BFGS-B from s = 1, b = 0.

    Examples
    --------
    Logits that tell nothing leave what the priors say; and however few images there are, chances stay finite.

    >>> fitted = fit_calibration(np.zeros((4, 2)), np.array([0, 1, 0, 1]))
    >>> round(fitted.slope, 4), [abs(round(each, 4)) for each in fitted.intercepts]
    (1.0, [0.0, 0.0])
    >>> 1 < fit_calibration(np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([0, 1])).slope < 2
    True
    """
    n_classes = logits.shape[1]
    truth = np.eye(n_classes)[labels]
    bounds = [tuple(np.log(SLOPES)), *[(None, None)] * n_classes]
    found = minimize(
        _loss_and_gradient, np.zeros(1 + n_classes), args=(logits, truth), jac=True, bounds=bounds, method="L-BFGS-B"
    ).x
    return ClassCalibration(float(np.exp(found[0])), tuple(found[1:].tolist()))


def _loss_and_gradient(line: FloatArray, logits: FloatArray, truth: FloatArray) -> tuple[float, FloatArray]:
    """Negative log of likelihood times priors at (log s, b…), and its gradient."""
    # The logarithm of the slope is what is searched: it stays above 0 by itself, and half a slope is as far from the
    # prior's middle as a double one.
    scaled = np.exp(line[0]) * logits
    log_chances = log_softmax(scaled + line[1:], axis=1)
    error = np.exp(log_chances) - truth
    gradient = line + np.concatenate([[(error * scaled).sum()], error.sum(axis=0)])
    return float(-(truth * log_chances).sum() + (line**2).sum() / 2), gradient
