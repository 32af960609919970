"""The area under the ROC curve, as counts of pairs."""

from typing import Final

import numpy as np

from entropice.learning.scores.forecast import Forecast
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import SHARE, Score
from entropice.quotients import quotient
from entropice.types import FloatArray


def concordance(forecast: Forecast) -> tuple[FloatArray, FloatArray]:
    """Count pairs (positive, negative) of one fold by their blocks: those in the right order (ties half), and all.

    Both are (n_block, n_block), summed over folds, the block of the positive by row and that of the negative by column.
    Blocks without such a pair have 0 in both. Order is by the chance of any slump.

    Examples
    --------
    The positive of block 1 ties with the negative of block 0.

    >>> import numpy as np
    >>> chance, codes = np.array([0.9, 0.2, 0.2, 0.1]), np.array([1, 0, 1, 0])
    >>> p, block, fold = np.column_stack([1 - chance, chance]), np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64)
    >>> right, pairs = concordance(Forecast(p, p, codes, block, fold, np.ones(4), 2))
    >>> right.tolist(), pairs.tolist()
    ([[1.0, 1.0], [0.5, 1.0]], [[1.0, 1.0], [1.0, 1.0]])
    """
    right = np.zeros((forecast.n_blocks, forecast.n_blocks))
    pairs = np.zeros_like(right)
    chance = forecast.chance
    for fold in np.unique(forecast.fold):
        is_here = forecast.fold == fold
        positive, negative = is_here & forecast.is_positive, is_here & ~forecast.is_positive
        # Negatives are sorted block by block and searched by all positives: n log n, where comparing all pairs is n².
        for block in np.unique(forecast.block[negative]):
            negatives = np.sort(chance[negative & (forecast.block == block)])
            below = np.searchsorted(negatives, chance[positive], side="left")
            upto = np.searchsorted(negatives, chance[positive], side="right")
            np.add.at(right[:, block], forecast.block[positive], (below + upto) / 2)
            np.add.at(pairs[:, block], forecast.block[positive], len(negatives))
    return right, pairs


def auc(resampled: Resampled) -> FloatArray:
    """Chance (n_replicate,) that a row with slumps ranks above one without, over pairs tested in the same fold.

    Ties count half; NaN without a pair. The Mann–Whitney statistic over the number of pairs (Hanley and McNeil 1982,
    doi:10.1148/radiology.143.1.7063747). A pair counts as often as the block of its positive row times that of its
    negative row is drawn.

    Examples
    --------
    Of four pairs two are in order, one is tied and one is not.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.2, 0.2, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> forecast = Forecast(p, p, codes, zeros, zeros, np.ones(4), 1)
    >>> auc(Resampled(forecast, np.ones((1, 1)))).tolist()
    [0.875]
    """
    # Rows of two folds were ranked by two fits, whose levels differ: a pair across them would compare the fits.
    # Counts by pairs of blocks make a replicate a quadratic form in its weights instead of a sort of all rows.
    weights = resampled.weights
    right, pairs = (((weights @ counts) * weights).sum(axis=1) for counts in concordance(resampled.forecast))
    return quotient(right, pairs)


AUC: Final = Score("auc", "AUC", "order of the cells, any slump against none", auc, range=SHARE)
