"""Permutation importance: by how much forecasts out of fold lose when features of a set are shuffled among rows.

Breiman (2001), doi:10.1023/A:1010933404324; of sets of features under spatial folds.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from entropice.learning.drivers.refits import FoldFit
from entropice.types import FloatArray


def permutation_rises(
    fits: Iterable[FoldFit], sets: Sequence[Sequence[str]], n_rows: int, random: np.random.Generator
) -> FloatArray:
    """Rise of the log loss (n_set, n_rows) when a set's features are shuffled together among the rows of a test fold.

    The loss with shuffled features minus that without, in nats; 0 for a set that the model does not see. A row that no
    fold tests is NaN. `n_rows` counts all rows, of which each fit names those that it tests. In one thread, as fits
    are. Breiman (2001), doi:10.1023/A:1010933404324. Each fit and set is shuffled once, by a permutation that `random`
    draws anew, fits first and sets within them.

    Examples
    --------
    A fold tests rows 0 and 1 of three; shuffled, the first loses 1/4.

    >>> from types import SimpleNamespace
    >>> shuffled = lambda names, other_rows: np.array([0.75, 0.5])
    >>> fit = SimpleNamespace(rows=np.array([0, 1]), losses=lambda: np.array([0.5, 0.5]), losses_with=shuffled)
    >>> permutation_rises([fit], [["rain"]], n_rows=3, random=np.random.default_rng(0)).tolist()
    [[0.25, 0.0, nan]]
    """
    rises = np.full((len(sets), n_rows), np.nan)
    with threadpool_limits(limits=1):
        for fit in fits:
            losses = fit.losses()
            for place, names in enumerate(sets):
                # Together, by one order: shuffled one by one, features that say the same would stand in for each other,
                # and rows would hold values that never occur side by side.
                rises[place, fit.rows] = fit.losses_with(names, random.permutation(len(fit.rows))) - losses
    return rises
