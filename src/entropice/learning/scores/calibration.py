"""Whether probabilities of any slump mean what they say."""

import math
from typing import Final

import numpy as np

from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import SHARE, Score
from entropice.learning.scores.skills import log_odds
from entropice.quotients import quotient
from entropice.types import FloatArray, IntArray

N_BINS: Final = 10
MOST_STEPS: Final = 50
CONVERGED: Final = 1e-10


def calibration_bins(chance: FloatArray) -> IntArray:
    """Bin (n,) of each probability (n,), from 0, in ten bins with about equal counts; equal probabilities share a bin.

    Bins end at the deciles of the probabilities themselves, an end belonging to the bin below it. So some may be empty,
    and with fewer than ten different deciles there are fewer. Of bins of equal width all but the lowest would be empty
    where slumps are rare. No probability is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> np.bincount(calibration_bins(np.linspace(0.0, 0.19, 20))).tolist()
    [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    >>> calibration_bins(np.array([0.1, 0.1, 0.1])).tolist()
    [0, 0, 0]
    """
    inner = np.linspace(0, 1, N_BINS + 1)[1:-1]
    return np.searchsorted(np.unique(np.quantile(chance, inner)), chance, side="left")


def ece(resampled: Resampled) -> FloatArray:
    """Mean gap (n_replicate,) between forecast and frequency, ``Σ_b |Σ_{i in b} (p_i − y_i)| / n``, in ten bins.

    p is the chance of any slump, y 1 with slumps and 0 without, n the rows; 0 is best, 1 the most. NaN where a
    replicate has no row. Bins are those of `calibration_bins`, the same in all replicates. Naeini, Cooper and
    Hauskrecht (2015), *Obtaining well calibrated probabilities using Bayesian binning*, AAAI 29.

    Examples
    --------
    Bins .25 and .75 expect 0.5 and 1.5 slumps, and see none and one: (0.5 + 0.5) / 4.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.25, 0.25, 0.75, 0.75]), np.array([0, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> ece(Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))).tolist()
    [0.25]
    """
    forecast = resampled.forecast
    # Bins of each replicate's own deciles would need a sort of all rows a replicate; held still, gaps are sums over
    # blocks.
    bins = calibration_bins(forecast.chance)
    gaps = np.zeros((forecast.n_blocks, bins.max() + 1))
    np.add.at(gaps, (forecast.block, bins), forecast.chance - forecast.is_positive)
    return quotient(np.abs(resampled.weights @ gaps).sum(axis=1), resampled.n_rows)


def recalibration(resampled: Resampled) -> FloatArray:
    """Intercept and slope (n_replicate, 2) of the logistic regression of any slump on the log odds of its forecast.

    The fit to all rows is found by Newton's method; that of a replicate is one Newton step away from it, which costs a
    product and differs from its own fit by no more than terms of second order. NaN where no fit exists: slumps
    everywhere or nowhere, one forecast for all, or forecasts that tell slumps from none without a fault. Newton's
    method begins at 0, takes 50 steps at most and ends where no part of a step exceeds 1e-10; without such an end all
    is NaN.

    Notes
    -----
    ``logit P(slump) = a + b logit p``: a = 0 and b = 1 where forecasts mean what they say. Cox (1958),
    doi:10.1093/biomet/45.3-4.562. Log odds are those of `log_odds`, p within 1e-4 and 1 − 1e-4.

    Examples
    --------
    Where 1/3 and 2/3 are said, 1/5 and 4/5 are seen: log odds of ∓log 2 ought to be ∓log 4, so the slope is 2.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes = np.repeat([1 / 3, 2 / 3], 5), np.repeat([0, 1, 0, 1], [4, 1, 1, 4])
    >>> zeros = np.zeros(10, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> found = recalibration(Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(10), 1), np.ones((1, 1))))
    >>> np.abs(found).round(6).tolist()
    [[0.0, 2.0]]
    """
    # A thousand replicates of several models would each take a few dozen sums a step; one step from the optimum of all
    # rows is what a second-order expansion of the bootstrap needs.
    odds = log_odds(resampled.forecast.chance)
    centre, all_rows = np.zeros(2), Resampled(resampled.forecast, np.ones((1, resampled.forecast.n_blocks)))
    for _ in range(MOST_STEPS):
        step = _newton_steps(all_rows, odds, centre)[0]
        centre = centre + step
        if not np.abs(step).max() > CONVERGED:
            break
    found = np.isfinite(centre).all() and np.abs(step).max() <= CONVERGED
    return (centre if found else np.nan) + _newton_steps(resampled, odds, centre)


def _newton_steps(resampled: Resampled, odds: FloatArray, centre: FloatArray) -> FloatArray:
    """Newton steps (n_replicate, 2) of the log likelihood away from one intercept and slope."""
    fitted = 1 / (1 + np.exp(-(centre[0] + centre[1] * odds)))
    error, spread = resampled.forecast.is_positive - fitted, fitted * (1 - fitted)
    g_0, g_1, h_00, h_01, h_11 = (
        resampled.sums(values) for values in (error, error * odds, spread, spread * odds, spread * odds**2)
    )
    determinant = h_00 * h_11 - h_01**2
    # Relative to the product of the diagonal, by Cauchy–Schwarz at least as large: 0 where all forecasts are alike.
    is_singular = ~(determinant > CONVERGED * h_00 * h_11)
    safe = np.where(is_singular, np.nan, determinant)
    return np.column_stack([h_11 * g_0 - h_01 * g_1, h_00 * g_1 - h_01 * g_0]) / safe[:, None]


ECE: Final = Score(
    "ece",
    "ECE",
    "expected calibration error of any slump against none",
    ece,
    range=SHARE,
    bigger_is_better=False,
    has_share_of_limit=False,
    grows_when_resampled=True,
)
SLOPE: Final = Score(
    "reliability_slope",
    "reliability slope",
    "1 is best; below it probabilities are too extreme, above it too timid",
    lambda resampled: recalibration(resampled)[:, 1],
    range=(-math.inf, math.inf),
    bigger_is_better=None,
    has_share_of_limit=False,
    is_tabled=False,
)
INTERCEPT: Final = Score(
    "reliability_intercept",
    "reliability intercept",
    "0 is best; below it even odds are promised too often, above it too rarely",
    lambda resampled: recalibration(resampled)[:, 0],
    range=(-math.inf, math.inf),
    bigger_is_better=None,
    has_share_of_limit=False,
    is_tabled=False,
)
