"""Precision and recall of "any slump": cells are looked at from the highest probability down, over all folds.

At a step of the order, recall is the share of the rows with slumps that lie above it, precision the share of rows with
slumps among those above it; the area under precision by recall is the average precision.
"""

import math
from functools import partial
from typing import Final

import numpy as np

from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import SHARE, Score
from entropice.quotients import quotient
from entropice.types import FloatArray

RECALLS: Final = (0.5, 0.8)
PREVALENCES: Final = (0.001, 0.01, 0.05)
"""Shares of cells with slumps that a map may meet: those searched have more of them than the rest.

The same in all runs, so that their scores compare; `pr_auc_at` gives the score at any other share.
"""

_ROUNDING: Final = 1e-9


def precisions(resampled: Resampled, prevalence: FloatArray | float) -> FloatArray:
    """Precision (n_replicate, n_step) where a share π, or shares (n_replicate,), of all rows have slumps.

    ``π TPR / (π TPR + (1 − π) FPR)`` with the shares TPR and FPR of the rows with and without slumps above a step:
    Bayes' rule, by which precision at one prevalence follows from that at another. NaN in a replicate without slumps,
    and at a step above which the replicate has no row. A step ends at a chance that a row with slumps has
    (`Forecast.ranking`), and what is above it includes all rows of that chance.

    Examples
    --------
    Two slumps at ranks 1 and 3, two rows without: TPR is 1/2 and 1, FPR 0 and 1/2.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> resampled = Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))
    >>> precisions(resampled, 0.5).round(4).tolist(), precisions(resampled, 0.1).round(4).tolist()
    ([[1.0, 0.6667]], [[1.0, 0.1818]])
    """
    share = np.atleast_1d(prevalence)[:, None]
    right, wrong = share * resampled.with_slumps_above, (1 - share) * resampled.without_slumps_above
    return quotient(right, right + wrong)


def pr_auc_at(resampled: Resampled, prevalence: FloatArray | float) -> FloatArray:
    """Mean precision (n_replicate,) of the steps, each as heavy as its rise in recall; NaN without slumps.

    ``Σ_s (recall_s − recall_{s−1}) precision_s`` with the precision that `precisions` gives for a share of rows with
    slumps in 0 to 1, or one a replicate (n_replicate,). Rows with one chance are one step; each row counts as often as
    its block is drawn, whatever its area.

    Examples
    --------
    Slumps at ranks 1 and 3 of four rows. At a prevalence of 10 % precision is 1 and 0.1 / (0.1 + 0.9 · 1/2) = 2/11.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> resampled = Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))
    >>> pr_auc_at(resampled, 0.1).round(6).tolist()  # (1 + 2/11) / 2
    [0.590909]
    """
    rise = np.diff(resampled.with_slumps_above, axis=1, prepend=0)
    # A step whose rows the replicate did not draw has no precision, and no rise: 0 · NaN would undo the sum.
    mean = (rise * np.nan_to_num(precisions(resampled, prevalence))).sum(axis=1)
    return np.where(resampled.prevalence > 0, mean, np.nan)


def pr_auc(resampled: Resampled) -> FloatArray:
    """Average precision (n_replicate,), ``Σ_s (recall_s − recall_{s−1}) precision_s``; NaN without slumps.

    Rows with one chance are one step, whose precision is that of all of them, and each row (a cell and year) counts as
    often as its block is drawn, whatever its area; rows of all folds are in one order. Not the trapezoidal area, which
    is too large: precision is not linear between steps (Davis and Goadrich 2006, doi:10.1145/1143844.1143874).

    Examples
    --------
    Slumps at ranks 1 and 3: precision 1 and 2/3, each with half of the recall.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> forecast = Forecast(p, p, codes, zeros, zeros, np.ones(4), 1)
    >>> pr_auc(Resampled(forecast, np.ones((1, 1)))).round(6).tolist()
    [0.833333]
    """
    return pr_auc_at(resampled, resampled.prevalence)


def lift(resampled: Resampled) -> FloatArray:
    """Average precision (n_replicate,) over the prevalence, which a map without any order would have.

    NaN without slumps. Average precision is that of `pr_auc` and the prevalence the share of rows with slumps: rows
    with one chance are one step, so no order within ties counts, and each row (a cell and year) counts as often as its
    block is drawn, whatever its area; rows of all folds are in one order.

    Examples
    --------
    Slumps at ranks 1 and 3 of four rows: an average precision of 5/6 where half of the rows have slumps.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> lift(Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))).round(6).tolist()
    [1.666667]
    """
    return quotient(pr_auc(resampled), resampled.prevalence)


def at_recall(resampled: Resampled, values: FloatArray, recall: float) -> FloatArray:
    """Of values (n_replicate, n_step), those (n_replicate,) at the first step of that recall; NaN without slumps.

    The recall, more than 0 and at most 1, is reached where it is equalled, to 1e-9.

    Examples
    --------
    Steps of recall 1/2 and 1: a recall of .5 is reached at the first, .6 at the second.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> resampled = Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))
    >>> [at_recall(resampled, np.array([[7.0, 8.0]]), recall).tolist() for recall in (0.5, 0.6)]
    [[7.0], [8.0]]
    """
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    # Four of five slumps are a recall of 0.8 by counting, and may be just below it as a cumulated quotient.
    first = (resampled.with_slumps_above >= recall - _ROUNDING).argmax(axis=1)
    found = np.take_along_axis(values, first[:, None], axis=1)[:, 0]
    return np.where(resampled.prevalence > 0, found, np.nan)


def precision_at(resampled: Resampled, recall: float) -> FloatArray:
    """Precision (n_replicate,) at the first step where a share of the rows with slumps is found; NaN without slumps.

    At the prevalence of the rows themselves: found slumps over all rows looked at. All rows of the step's chance are
    looked at; the share is reached where it is equalled, to 1e-9.

    Examples
    --------
    Slumps at ranks 1 and 3: half are found by one look of one, all by two of three.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> resampled = Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))
    >>> precision_at(resampled, 0.5).tolist(), precision_at(resampled, 0.8).round(4).tolist()
    ([1.0], [0.6667])
    """
    return at_recall(resampled, precisions(resampled, resampled.prevalence), recall)


PR_AUC: Final = Score(
    "pr_auc", "PR-AUC", "average precision: how rich in slumps the top of the order is", pr_auc, range=SHARE
)
LIFT: Final = Score(
    "pr_auc_lift", "lift", "PR-AUC over the share of cells with slumps", lift, range=(0.0, math.inf), is_tabled=False
)
AT_RECALLS: Final = tuple(
    Score(
        f"precision_at_recall_{100 * recall:.0f}",
        f"precision at {100 * recall:.0f} % recall",
        f"share of cells with slumps among those looked at when {100 * recall:.0f} % of them are found",
        partial(precision_at, recall=recall),
        range=SHARE,
        is_tabled=False,
    )
    for recall in RECALLS
)
AT_PREVALENCES: Final = tuple(
    Score(
        f"pr_auc_at_{prevalence:g}".replace(".", "_"),
        f"PR-AUC at {100 * prevalence:g} %",
        f"PR-AUC where {100 * prevalence:g} % of the cells have slumps: those without are weighted to make it so",
        partial(pr_auc_at, prevalence=prevalence),
        range=SHARE,
        is_tabled=False,
    )
    for prevalence in PREVALENCES
)
