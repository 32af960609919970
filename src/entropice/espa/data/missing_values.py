"""Which features have missing values: marked in a table, and as rows that pick them out of all features."""

import numpy as np
from numpy.typing import NDArray

from entropice.espa.jit import compiled


@compiled
def find_missing(values, is_missing):  # type: ignore[no-untyped-def]
    """Mark, in place, the features that have a NaN among values (T, D); marks (D,), bool, that are set stay set.

    Examples
    --------
    >>> import numpy as np
    >>> is_missing = np.array([False, False, True])
    >>> find_missing(np.array([[1.0, np.nan, 5.0], [2.0, 3.0, 6.0]]), is_missing)
    >>> is_missing.tolist()
    [False, True, True]
    """
    for t in range(values.shape[0]):
        for d in range(values.shape[1]):
            is_missing[d] |= values[t, d] != values[t, d]


def one_hot(columns: NDArray[np.int64], n_features: int) -> NDArray[np.float64]:
    """Rows (P, D), float64, that name features: 1 at each of the columns (P,), else 0.

    A product with them picks features, or puts them back, in any array namespace without indexing.

    Examples
    --------
    >>> import numpy as np
    >>> named, row = one_hot(np.array([2, 0]), 3), np.array([5.0, 6.0, 7.0])
    >>> named.tolist(), (named @ row).tolist(), (np.array([7.0, 5.0]) @ named).tolist()
    ([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], [7.0, 5.0], [5.0, 0.0, 7.0])
    """
    named = np.zeros((len(columns), n_features))
    named[np.arange(len(columns)), columns] = 1.0
    return named
