"""Quotients of sums, some of which may be of nothing."""

import numpy as np

from entropice.types import FloatArray


def quotient(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide elementwise, broadcast to the numerator; NaN where the denominator is not above 0."""
    return np.asarray(
        np.divide(numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator > 0),
        dtype=np.float64,
    )
