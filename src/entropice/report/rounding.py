"""Numbers as short as what is shown of them."""

import numpy as np

from entropice.types import FloatArray


def round_significant(values: FloatArray, digits: int) -> FloatArray:
    """Values of any shape with so many significant digits; 0, NaN and infinities stay. The given array is not changed.

    Examples
    --------
    >>> round_significant(np.array([1234.0, -0.0456, 0.0, np.nan]), 2).tolist()
    [1200.0, -0.046, 0.0, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(np.abs(values)))
        places = digits - 1 - np.where(np.isfinite(exponent), exponent, 0)
        factor = 10.0 ** np.abs(places)
        rounded: FloatArray = np.where(
            places >= 0, np.round(values * factor) / factor, np.round(values / factor) * factor
        )
    return rounded
