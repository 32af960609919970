r"""Ordered classes as a chain of questions: continuation ratios.

With classes 0 < 1 < … < M - 1, stage j asks of the rows of class j - 1 or above whether they are of class j or above:

    logit P(Y ≥ j | Y ≥ j - 1) = η_j,    P(Y ≥ j) = σ(η_1) ⋯ σ(η_j),    P(Y = j) = P(Y ≥ j) (1 - σ(η_{j+1}))

so that the log likelihood is a sum over stages, each that of a binary regression on the rows it concerns.

Sources: McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x, for regression on ordered classes; Tutz (1991),
Computational Statistics & Data Analysis 11, 275, for these ratios (his sequential model).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]


class Stages(NamedTuple):
    """Binary regressions, one a column.

    Attributes
    ----------
    outcomes
        (n, S), 1 where the row is of class j or above.
    weights
        (n, S), 0 where the question does not concern the row.
    """

    outcomes: Floats
    weights: Floats

    def part(self, chosen: slice) -> "Stages":
        """Some of the stages, (n, S') each, of all rows: those that concern none of these are left to the caller.

        Examples
        --------
        The second stage does not concern the row of class 0.

        >>> import numpy as np
        >>> stages_of(np.array([0, 1, 2]), np.ones(3), 3).part(slice(1, None)).weights.tolist()
        [[0.0], [1.0], [1.0]]
        """
        return Stages(self.outcomes[:, chosen], self.weights[:, chosen])


def stages_of(codes: NDArray[np.int64], weights: Floats, n_classes: int) -> Stages:
    """Stages 1 to M - 1 of class codes (n,), 0 to M - 1, with weights (n,): outcomes and weights (n, M - 1), float64.

    Examples
    --------
    A row of class 0 has answered the first question, and is not asked the second.

    >>> import numpy as np
    >>> stages = stages_of(np.array([0, 1, 2]), np.ones(3), 3)
    >>> stages.outcomes.tolist(), stages.weights.tolist()
    ([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    """
    thresholds = np.arange(1, n_classes)
    is_above = codes[:, None] >= thresholds
    is_concerned = codes[:, None] >= thresholds - 1
    return Stages(is_above.astype(np.float64), is_concerned * weights[:, None])


def class_probabilities(logits: Floats) -> Floats:
    """Probabilities (n, M) of the classes from the logits (n, M - 1) of the stages; rows sum to 1.

    ``P(Y = j) = σ(η_1) ⋯ σ(η_j) σ(−η_{j+1})``, the last factor missing for the highest class. A logit that is NaN makes
    the probabilities NaN that it takes part in.

    Examples
    --------
    Even odds of any, and even odds of more given any:

    >>> import numpy as np
    >>> class_probabilities(np.zeros((1, 2))).tolist()
    [[0.5, 0.25, 0.25]]
    """
    # 1 − σ(η) is σ(−η) without cancellation: small probabilities keep their digits.
    at_least = np.cumprod(expit(logits), axis=1)
    reached = np.concatenate([np.ones((len(logits), 1)), at_least], axis=1)
    probabilities: Floats = reached.copy()
    probabilities[:, :-1] *= expit(-logits)
    return probabilities
