"""How much land has to be looked at."""

from typing import Final

from entropice.learning.scores.precision import at_recall
from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import SHARE, Score
from entropice.types import FloatArray

RECALL: Final = 0.8


def area_at_recall(resampled: Resampled) -> FloatArray:
    """Share (n_replicate,) of the tested land above the step where the recall is reached; each year counts anew.

    NaN without slumps. A cell ranked level with the last one that is needed counts, for nothing tells them apart.
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
