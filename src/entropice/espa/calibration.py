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
    """Raise probabilities (T, M) to the power 1 / temperature and normalise: above 1 softer, below 1 sharper.

    ``p_m^(1/τ) / Σ_k p_k^(1/τ)`` with τ the temperature, positive; 1 leaves them. Probabilities below 1e-12
    count as that; NaN makes its row NaN. Rows of the result, a new float64 array, sum to 1.

    Sizes: T rows, M classes.

    Examples
    --------
    >>> import numpy as np
    >>> tempered(np.array([[0.2, 0.8]]), 0.5).round(4).tolist()
    [[0.0588, 0.9412]]
    >>> tempered(np.array([[0.2, 0.8]]), 2.0).round(4).tolist()
    [[0.3333, 0.6667]]
    """
    logs = np.log(np.maximum(probabilities, SMALLEST_PROBABILITY)) / temperature
    unnormalised = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares: Floats = unnormalised / unnormalised.sum(axis=1, keepdims=True)
    return shares


def fit_temperature(probabilities: Floats, codes: NDArray[np.int64], weights: Floats) -> float:
    """Return the temperature with the lowest log loss on held-out rows, between exp(−3) and exp(3).

    Sizes: T rows, M classes.

    Parameters
    ----------
    probabilities
        (T, M), of rows that the models have not seen; no NaN.
    codes
        (T,) class codes, 0 to M − 1.
    weights
        (T,), not negative.

    Returns
    -------
    float
        For `tempered`. Where the own class of every row is its most probable one, it ends near the lower bound.

    Notes
    -----
    Minimises ``−Σ w_t log max(p_t(τ), 1e-12)``, with p_t(τ) the tempered probability of the row's own class, by scipy's
    bounded ``minimize_scalar`` over log τ, which ends within about 1e-5. Guo et al. (2017),
    arXiv:1706.04599, applied to log probabilities instead of logits.

    Examples
    --------
    Four rows at 0.9 of which three come true: odds of 9 are sharpened 2 times too much, odds of 3.

    >>> import numpy as np
    >>> held_out = np.tile([0.9, 0.1], (4, 1))
    >>> round(fit_temperature(held_out, np.array([0, 0, 0, 1]), np.ones(4)), 3)
    2.0
    """
    row_numbers = np.arange(len(codes))

    def log_loss(log_temperature: float) -> float:
        own = tempered(probabilities, float(np.exp(log_temperature)))[row_numbers, codes]
        return float(-(weights @ np.log(np.maximum(own, SMALLEST_PROBABILITY))))

    # By the logarithm: twice as sharp and half as sharp are as far from 1, and the temperature stays positive.
    best = minimize_scalar(log_loss, bounds=LOG_TEMPERATURES, method="bounded")
    return float(np.exp(best.x))
