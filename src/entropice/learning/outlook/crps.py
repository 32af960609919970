"""The continuous ranked probability score of draws, and how often an interval of draws holds the truth.

With draws xᵢ of a forecast and the truth y,

    CRPS = mean |xᵢ − y| − ½ mean_{i≠j} |xᵢ − xⱼ|

(Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equation 21). Over pairs of different draws the estimate
does not depend on their number (the fair score of Ferro 2014, doi:10.1002/qj.2270), so that forecasts of few and of
many draws can be compared. Sorted, the sum over pairs is a weighted sum: Σ_{i<j} (x₍ⱼ₎ − x₍ᵢ₎) = Σᵢ (2i − n − 1) x₍ᵢ₎.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from entropice.types import FloatArray

INNER_SHARE: Final = 0.9


def crps(draws: NDArray[Any], truth: NDArray[Any]) -> FloatArray:
    """CRPS (…,) of draws (n_draw, …), two or more, in the unit of the truth (…,); NaN where any of them is.

    ``mean |xᵢ − y| − ½ mean_{i≠j} |xᵢ − xⱼ|``: 0 is best, and any two draws with the truth between them reach it.
    Gneiting and Raftery (2007), doi:10.1198/016214506000001437; over different draws: Ferro (2014),
    doi:10.1002/qj.2270.

    Examples
    --------
    Draws of 0 and 2 lie 4 and 2 from a truth of 4, and 2 from each other: 3 − 1.

    >>> crps(np.array([0.0, 2.0]), np.array(4.0)).tolist()
    2.0
    """
    n = len(draws)
    ordered = np.sort(draws, axis=0).astype(np.float64)
    weights = 2.0 * np.arange(1, n + 1) - n - 1
    spread = np.tensordot(weights, ordered, axes=1) / (n * (n - 1))
    score: FloatArray = np.abs(ordered - truth).mean(axis=0) - spread
    return np.where(np.isnan(draws).any(axis=0), np.nan, score)


def inner_range(draws: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """Ends (…,) of the central 90 % of draws (n_draw, …).

    Quantiles lie at i / (n + 1), where the next of exchangeable draws falls with this chance; NaN where a draw is. Of
    fewer than 19 draws the ends are the least and the largest.

    Examples
    --------
    >>> low, high = inner_range(np.arange(1.0, 20.0))
    >>> round(float(low), 6), round(float(high), 6)
    (1.0, 19.0)
    """
    tail = (1 - INNER_SHARE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="weibull")
    return low, high
