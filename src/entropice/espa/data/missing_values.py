"""Which features have missing values: marked in a table, and as rows that pick them out of all features."""

import numpy as np
from numpy.typing import NDArray

from entropice.espa.jit import compiled


@compiled
def find_missing(values, is_missing):  # type: ignore[no-untyped-def]
    """Mark the features (D,) that have a missing value."""
    for t in range(values.shape[0]):
        for d in range(values.shape[1]):
            is_missing[d] |= values[t, d] != values[t, d]


def one_hot(columns: NDArray[np.int64], n_features: int) -> NDArray[np.float64]:
    """Rows (P, D) that name features."""
    named = np.zeros((len(columns), n_features))
    named[np.arange(len(columns)), columns] = 1.0
    return named
