"""Numbers as whole multiples of a step: SQLite keeps those in two or three bytes, and a fraction in eight."""

import math
from typing import Final

import numpy as np
import pandas as pd

from entropice.types import FloatArray, Series

_DECIMALS: Final = 3
"""A standard deviation is 1,000 to 10,000 steps: rounding moves no marker on a chart by a pixel."""
_ALIKE: Final = 1e-12
"""Values whose spread is this part of their size differ by rounding alone."""


def scale_factor(values: FloatArray) -> float:
    """The step to keep values (n,) in: a power of ten, at most 1e-3 of their standard deviation, NaN left out.

    Of values that are all alike it is at most 1e-3 of their size, and 1 where none is known or all are zero. It is 10
    to the power of ⌊log₁₀ s⌋ − 3, s being the standard deviation (of a population), or the largest absolute value where
    the deviation is at most 1e-12 of that.

    Examples
    --------
    >>> scale_factor(np.array([1.0, 2.0, np.nan])), scale_factor(np.array([250.0, 250.0])), scale_factor(np.zeros(2))
    (0.0001, 0.1, 1.0)
    """
    known = values[~np.isnan(values)]
    size = float(np.max(np.abs(known), initial=0.0))
    spread = float(np.std(known)) if size else 0.0
    spread = spread if spread > _ALIKE * size else size
    # Read from text, as others read it: 10.0 ** n is not for every n the double nearest to 1e<n>.
    return float(f"1e{math.floor(math.log10(spread)) - _DECIMALS}") if spread else 1.0


def packed(values: FloatArray, step: float) -> Series:
    """The nearest whole multiples of a step, Int64 (n,); NaN is null. Times the step they are the values again.

    They differ from the values by half a step at most; of two that are as near, the even one is taken.

    Examples
    --------
    >>> packed(np.array([1.25, np.nan, -0.5]), 0.25).fillna(-99).tolist()
    [5, -99, -2]
    """
    # Nullable whole numbers: one NaN would make the column float, and every number of it eight bytes in SQLite.
    return pd.Series(np.rint(values / step)).astype("Int64")
