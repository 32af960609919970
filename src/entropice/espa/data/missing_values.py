"""Which features have missing values: marked in a table, and as rows that pick them out of all features."""

import numpy as np
from numpy.typing import NDArray

from entropice.espa.jit import compiled


@compiled
def find_missing(values, is_missing):  # type: ignore[no-untyped-def]
    """Mark, in place, the features that have a NaN among values (T, D); marks (D,) that are set stay set."""
    for t in range(values.shape[0]):
        for d in range(values.shape[1]):
            is_missing[d] |= values[t, d] != values[t, d]


def one_hot(columns: NDArray[np.int64], n_features: int) -> NDArray[np.float64]:
    """Rows (P, D), float64, that name features: 1 at each of the columns (P,), else 0.

    A product with them picks features, or puts them back, in any array namespace without indexing.
    """
    named = np.zeros((len(columns), n_features))
    named[np.arange(len(columns)), columns] = 1.0
    return named
