"""Skills: how much smaller a loss is than that of the training prevalence; 0 is no better, 1 perfect."""

from collections.abc import Callable
from typing import Final

import numpy as np

from entropice.learning.scores.resampled import Resampled
from entropice.learning.scores.score import Score
from entropice.quotients import quotient
from entropice.types import FloatArray, IntArray

PROBABILITY_FLOOR: Final = 1e-4
"""Smallest probability inside a logarithm, for every model alike: impossible means one in ten thousand."""


def log_odds(chance: FloatArray) -> FloatArray:
    """Logarithm of the odds of probabilities of any shape, kept within the floor of all scores; NaN stays NaN.

    ``log(p / (1 − p))`` with p in [1e-4, 1 − 1e-4].

    Examples
    --------
    >>> import numpy as np
    >>> log_odds(np.array([0.0, 0.5, 0.75])).round(4).tolist()
    [-9.2102, 0.0, 1.0986]
    """
    inside = np.clip(chance, PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)


def log_losses(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Return −log of the probability (n,) given to the true class, in nats; of 1e-4 where it is less.

    Probabilities are (n, n_class), codes (n,) from 0. ``−log max(p, 1e-4)``: at most 9.21. NaN where the true class has
    NaN. The logarithmic score of Good (1952), *Rational decisions*, J. R. Stat. Soc. B 14, 107, which no other forecast
    than the true chances minimises on average.

    Examples
    --------
    >>> import numpy as np
    >>> log_losses(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([1, 1])).round(4).tolist()
    [0.6931, 9.2103]
    """
    given = probabilities[np.arange(len(class_codes)), class_codes]
    losses: FloatArray = -np.log(np.maximum(given, PROBABILITY_FLOOR))
    return losses


def ranked_probability_scores(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Sum over classes of the squared gap between cumulative forecast and truth, (n,); 0 is perfect.

    ``RPS = Σ_k (Σ_{j≤k} p_j − 1[y ≤ k])²`` for probabilities (n, n_class) of ordered classes and codes (n,): a miss by
    two classes costs more than one by one. Epstein (1969), doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2.

    Examples
    --------
    >>> import numpy as np
    >>> ranked_probability_scores(np.array([[0.5, 0.25, 0.25]]), np.array([2])).tolist()
    [0.8125]
    """
    truth = class_codes[:, None] <= np.arange(probabilities.shape[1])
    scores: FloatArray = ((probabilities.cumsum(axis=1) - truth) ** 2).sum(axis=1)
    return scores


def brier_scores(probabilities: FloatArray, class_codes: IntArray) -> FloatArray:
    """Squared error (n,) of the probability of any slump, by probabilities (n, n_class) and codes (n,).

    ``(p − y)²`` with p = 1 − the probability of the first class and y 1 where the code is above 0. Brier (1950),
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2, in its form for two classes (half of his).

    Examples
    --------
    >>> import numpy as np
    >>> brier_scores(np.array([[0.75, 0.25], [0.5, 0.5]]), np.array([0, 1])).tolist()
    [0.0625, 0.25]
    """
    scores: FloatArray = (1 - probabilities[:, 0] - (class_codes > 0)) ** 2
    return scores


def skill_by(loss: Callable[[FloatArray, IntArray], FloatArray]) -> Callable[[Resampled], FloatArray]:
    """1 − summed loss / summed loss of the reference, as a function that gives shape (n_replicate,).

    `loss` takes probabilities (n, n_class) and codes (n,) to losses (n,). A ratio of sums, not a mean of ratios: a row
    that the reference knows already cannot make it infinite. 1 is perfect, 0 as good as the reference, and there is no
    lower bound; NaN where the reference has no loss, or no row is drawn.

    Examples
    --------
    Squared errors of 1/16 each beside the reference's 1/4: 1 − 1/4.

    >>> import numpy as np
    >>> from entropice.learning.scores.forecast import Forecast
    >>> p, reference = np.array([[0.75, 0.25], [0.25, 0.75]]), np.full((2, 2), 0.5)
    >>> zeros = np.zeros(2, dtype=np.int64)
    >>> forecast = Forecast(p, reference, np.array([0, 1]), zeros, zeros, np.ones(2), 1)
    >>> skill_by(brier_scores)(Resampled(forecast, np.ones((1, 1)))).tolist()
    [0.75]
    """

    def skill(resampled: Resampled) -> FloatArray:
        forecast = resampled.forecast
        model, reference = (
            resampled.sums(loss(probabilities, forecast.class_codes))
            for probabilities in (forecast.probabilities, forecast.reference)
        )
        return 1 - quotient(model, reference)

    return skill


LOG_SKILL: Final = Score("log_skill", "log skill", "probabilities of all classes", skill_by(log_losses))
RPSS: Final = Score(
    "rpss",
    "RPSS",
    "ranked probability skill score of all classes",
    skill_by(ranked_probability_scores),
)
BRIER_SKILL: Final = Score(
    "brier_skill", "Brier skill", "probability of any slump against none", skill_by(brier_scores)
)
