"""What every score declares.

Every score is a function of sums over blocks (the AUC: over pairs of blocks), so a bootstrap replicate only reweights
those sums: it costs a product, and all models see the same replicates.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from entropice.learning.scores.resampled import Resampled
from entropice.types import FloatArray


@dataclass(frozen=True)
class Score:
    """One score of out-of-fold probabilities, for computing and for readers.

    Attributes
    ----------
    name
        In the table of scores.
    title, description
        For readers: what it is called, and what it judges.
    values
        The score (n_replicate,) of a resampled forecast; NaN where not defined.
    range
        Its least and largest value.
    bigger_is_better
        Which way is better; None where the best value lies between, as the description says.
    has_share_of_limit
        Whether a part of the attainable limit can be reached; a calibration error has none.
    is_tabled
        Whether it stands in the main table of reports or among further scores.
    grows_when_resampled
        Whether resampling adds noise to it on top of the noise it measures: its interval is reflected about the value.
    """

    name: str
    title: str
    description: str
    values: Callable[[Resampled], FloatArray]
    range: tuple[float, float] = (-math.inf, 1.0)
    bigger_is_better: bool | None = True
    has_share_of_limit: bool = True
    is_tabled: bool = True
    grows_when_resampled: bool = False


SHARE = (0.0, 1.0)
"""Range of shares and chances."""
