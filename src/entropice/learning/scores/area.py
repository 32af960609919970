"""How much land has to be looked at."""

from typing import Final

from entropice.learning.scores.precision import at_recall
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import SHARE, Score
from entropice.types import FloatArray

RECALL: Final = 0.8


def area_at_recall(resampled: Resampled) -> FloatArray:
    """Share (n_replicate,) of the tested land above the step where a recall of 0.8 is reached; each year counts anew.

    NaN without slumps. A cell ranked level with the last one that is needed counts, for nothing tells them apart. The
    recall is reached where it is equalled, to 1e-9. Land is the whole ``land_area_m2`` of each row, as often as its
    block is drawn.

    Examples
    --------
    Of slumps at ranks 1 and 3 both have to be found for 80 %: three of four equal cells.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> chance, codes, zeros = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0]), np.zeros(4, dtype=np.int64)
    >>> p = np.column_stack([1 - chance, chance])
    >>> area_at_recall(Resampled(Forecast(p, p, codes, zeros, zeros, np.ones(4), 1), np.ones((1, 1)))).tolist()
    [0.75]
    """
    return at_recall(resampled, resampled.land_above, RECALL)


AREA_AT_RECALL: Final = Score(
    f"area_at_recall_{100 * RECALL:.0f}",
    f"area to image for {100 * RECALL:.0f} % recall",
    f"share of the land to be looked at, best first, to find {100 * RECALL:.0f} % of the cells with slumps",
    area_at_recall,
    range=SHARE,
    bigger_is_better=False,
    is_tabled=False,
)
