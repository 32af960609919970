"""Temperature: one number that makes probabilities as sharp as held-out rows justify."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]

SMALLEST_PROBABILITY: Final = 1e-12
LOG_TEMPERATURES: Final = (-3.0, 3.0)
"""Range of the logarithm of the temperature."""


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Raise probabilities (T, M) to the power 1 / temperature and normalise: above 1 softer, below 1 sharper."""
    logs = np.log(np.maximum(probabilities, SMALLEST_PROBABILITY)) / temperature
    unnormalised = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares: Floats = unnormalised / unnormalised.sum(axis=1, keepdims=True)
    return shares


def fit_temperature(probabilities: Floats, codes: NDArray[np.int64], weights: Floats) -> float:
    """Return the temperature with the lowest log loss on held-out rows.

    Guo et al. (2017), arXiv:1706.04599, applied to log probabilities instead of logits.

    Parameters
    ----------
    probabilities
        (T, M), of rows that the models have not seen.
    codes
        (T,) class codes.
    weights
        (T,), not negative.
    """
    row_numbers = np.arange(len(codes))

    def log_loss(log_temperature: float) -> float:
        own = tempered(probabilities, float(np.exp(log_temperature)))[row_numbers, codes]
        return float(-(weights @ np.log(np.maximum(own, SMALLEST_PROBABILITY))))

    best = minimize_scalar(log_loss, bounds=LOG_TEMPERATURES, method="bounded")
    return float(np.exp(best.x))
