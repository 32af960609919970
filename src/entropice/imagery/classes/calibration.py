"""Logits of classes that mean what they say.

A calibrated log odds of classes k and j is

    log pₖ / pⱼ = (zₖ − zⱼ) / T + bₖ − bⱼ,

T the temperature (Guo et al. 2017, arXiv:1706.04599), b one intercept a class, for losses that weigh classes give
chances of another prevalence than the one that is met. Both minimise the negative log likelihood of validation images,
whose truths are smoothed in the manner of Platt (1999): with n images the true class gets (n + 1) / (n + K) and each of
the other K − 1 classes 1 / (n + K), so that images that are all answered rightly give no infinite confidence.
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
        1 / T, within `SLOPES`, so that the order of images stays.
    intercepts
        b of each class; their sum is 0.
    """

    slope: float
    intercepts: tuple[float, ...]

    @property
    def temperature(self) -> float:
        """T."""
        return 1 / self.slope

    def logits(self, logits: FloatArray) -> FloatArray:
        """Calibrated logits of raw ones (…, class)."""
        return np.asarray(self.slope * logits + np.array(self.intercepts), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly."""
        return {"slope": self.slope, "intercepts": list(self.intercepts)}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote."""
        return cls(document["slope"], tuple(document["intercepts"]))


def as_it_is(n_classes: int) -> ClassCalibration:
    """A calibration that changes nothing."""
    return ClassCalibration(1.0, (0.0,) * n_classes)


def fit_calibration(logits: FloatArray, labels: IntArray) -> ClassCalibration:
    """Slope and intercepts of raw logits (n, class) of validation images with labels (n,); convex, so there is one."""
    truth = smoothed(labels, logits.shape[1])
    start = np.zeros(1 + logits.shape[1])
    start[0] = 1.0
    free: list[tuple[float, float] | tuple[None, None]] = [SLOPES, *[(None, None)] * logits.shape[1]]
    found = minimize(_loss_and_gradient, start, args=(logits, truth), jac=True, bounds=free, method="L-BFGS-B").x
    intercepts = found[1:] - found[1:].mean()
    return ClassCalibration(float(found[0]), tuple(intercepts.tolist()))


def smoothed(labels: IntArray, n_classes: int) -> FloatArray:
    """Truth (n, class) that is nowhere certain."""
    others = 1 / (len(labels) + n_classes)
    return np.asarray(others + (1 - n_classes * others) * np.eye(n_classes)[labels], dtype=np.float64)


def _loss_and_gradient(line: FloatArray, logits: FloatArray, truth: FloatArray) -> tuple[float, FloatArray]:
    log_chances = log_softmax(line[0] * logits + line[1:], axis=1)
    error = np.exp(log_chances) - truth
    gradient = np.concatenate([[(error * logits).sum()], error.sum(axis=0)])
    return float(-(truth * log_chances).sum()) / len(logits), gradient / len(logits)
