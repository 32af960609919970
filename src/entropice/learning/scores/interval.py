"""How wide the interval of a score is to be.

A bootstrap of blocks holds the fits as they are. A score of K folds is said of a map that is fitted to yet other rows,
and the fits of the folds share most of theirs, so their mean varies more than test rows alone make it. With σ² the
variance of one fold's score,

    Var = (1/K + n_test / n_train) σ²,    n_test / n_train = 1 / (K − 1),

where the bootstrap sees σ²/K: its interval is √(1 + K / (K − 1)) times too narrow (Nadeau and Bengio 2003,
doi:10.1023/A:1024068626366). That leaves out buffers, which make n_train smaller.
"""

import math

import numpy as np

from entropice.learning.scores.score import Score
from entropice.types import FloatArray

QUANTILES = (0.025, 0.975)


def width_of_refits(n_folds: int) -> float:
    """How much wider than the bootstrap's the interval of a score over K folds is, ``√(1 + K / (K − 1))``.

    One fold alone tells nothing: 1. The mean score of K folds varies by (1/K + 1/(K − 1)) σ², σ² being the variance of
    one fold's score, of which the bootstrap of test rows sees σ²/K. Nadeau and Bengio (2003),
    doi:10.1023/A:1024068626366.

    Examples
    --------
    >>> width_of_refits(5), width_of_refits(1)
    (1.5, 1.0)
    """
    return math.sqrt(1 + n_folds / (n_folds - 1)) if n_folds > 1 else 1.0


def width_of_blocks(_: int) -> float:
    """1, whatever the number of folds: forecasts that no fold has fitted vary with the blocks alone."""
    return 1.0


def interval(score: Score, value: float, replicates: FloatArray, width: float) -> tuple[float, float]:
    """Central 95 % of the defined replicates (n,), `width` times as far from the value, within the score's range.

    Ends are ``value + width (q − value)`` with the quantiles q at 2.5 and 97.5 %, linear between replicates. Of a score
    that grows when it is resampled both distances are reflected about the value: the lower end lies as far below it as
    the upper quantile lies above. Both ends are NaN where no replicate is defined. Replicates that are not defined
    (NaN: no slumps drawn) are left out. The value need not lie within.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.learning.scores.auc import AUC
    >>> low, high = interval(AUC, 0.8, np.linspace(0.7, 0.9, 41), width=1.5)
    >>> round(low, 4), round(high, 4)
    (0.6575, 0.9425)
    >>> interval(AUC, 0.8, np.array([np.nan]), width=1.5)
    (nan, nan)
    """
    defined = replicates[~np.isnan(replicates)]
    if len(defined) == 0:
        return math.nan, math.nan
    below, above = np.quantile(defined, QUANTILES) - value
    # A calibration error is a mean of sizes: resampling adds noise to the noise it is made of, so that replicates lie
    # above the value as the value lies above the truth. Reflected (the basic bootstrap), the interval goes below.
    if score.grows_when_resampled:
        below, above = -above, -below
    low, high = np.clip((value + width * below, value + width * above), *score.range)
    return float(low), float(high)
