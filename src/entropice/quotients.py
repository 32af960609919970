"""Quotients of sums, some of which may be of nothing."""

import numpy as np

from entropice.types import FloatArray


def quotient(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide elementwise, broadcast to the numerator; NaN where the denominator is not above 0.

    float64 of the numerator's shape; a denominator that is NaN or negative gives NaN, too.

    Examples
    --------
    >>> quotient(np.array([1.0, 1.0, 0.0, 1.0]), np.array([4.0, 0.0, 2.0, -1.0])).tolist()
    [0.25, nan, 0.0, nan]
    """
    return np.asarray(
        # Where `where` is False numpy does not divide at all, so that nothing warns.
        np.divide(numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator > 0),
        dtype=np.float64,
    )
