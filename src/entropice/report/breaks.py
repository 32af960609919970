"""Class breaks of a skewed quantity, the same for every year, map and legend."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.types import FloatArray

UPPER_TAIL_QUANTILES: Final = (0.0, 0.25, 0.5, 0.7, 0.85, 0.94, 0.98, 1.0)
"""Finer towards the top, where few cells hold most slumps."""


def upper_tail_breaks(values: FloatArray, significant_digits: int = 2) -> FloatArray:
    """Strictly increasing breaks that enclose every finite value; at most seven intervals.

    Breaks are the quantiles 0, .25, .5, .7, .85, .94, .98 and 1 (linear between values), rounded; those that rounding
    makes alike, or that leave the range of the first and last, fall away. Values that are all alike get one interval,
    of one unit of the last digit that is kept (0.1 for zeros) where rounding leaves a single number.

    Parameters
    ----------
    values
        Any shape; NaN and infinities are ignored.
    significant_digits
        Inner breaks are rounded to this many; the first is rounded down, the last up.

    Returns
    -------
    FloatArray
        Shape (n_intervals + 1,), float64, in the unit of the values.

    Raises
    ------
    SchemaError
        No value is finite.

    Examples
    --------
    >>> import numpy as np
    >>> upper_tail_breaks(np.arange(101.0)).tolist()
    [0.0, 25.0, 50.0, 70.0, 85.0, 94.0, 98.0, 100.0]
    >>> upper_tail_breaks(np.array([3.14159, np.nan])).tolist(), upper_tail_breaks(np.zeros(2)).tolist()
    ([3.1, 3.2], [0.0, 0.1])
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise SchemaError("There is nothing to draw: every value is missing.", got=f"{values.size} values")
    low, *inner, high = np.quantile(finite, UPPER_TAIL_QUANTILES)
    first = round_significant(low, significant_digits, math.floor)
    last = round_significant(high, significant_digits, math.ceil)
    rounded = [round_significant(value, significant_digits, round) for value in inner]
    breaks = np.unique([first, *(value for value in rounded if first < value < last), last])
    # Rounding may have left one number for all values: an interval of one step encloses them.
    return breaks if len(breaks) > 1 else np.array([first, first + _one_step(first, significant_digits)])


SIZE_QUANTILES: Final = (0.25, 0.6, 0.85)
"""Between the steps of a quantity on either side of 0; the largest size closes the last."""


def size_breaks(sizes: FloatArray, significant_digits: int = 2) -> FloatArray:
    """Ends (4,) of steps of positive sizes (n > 0,), not falling; the last is at least the largest size.

    The first three are the quantiles .25, .6 and .85 (linear between values), rounded to `significant_digits`, the last
    is the largest size rounded up to as many; ends may be alike where sizes are. Sizes hold no NaN: with one, all ends
    would be NaN.

    Examples
    --------
    >>> import numpy as np
    >>> size_breaks(np.array([1.0, 2.0, 3.0, 4.0, 123.0])).tolist()
    [2.0, 3.4, 52.0, 130.0]
    """
    inner = [round_significant(value, significant_digits, round) for value in np.quantile(sizes, SIZE_QUANTILES)]
    last = round_significant(float(sizes.max()), significant_digits, math.ceil)
    return np.array([*inner, last])


def round_significant(value: float, digits: int, rounding: Callable[[float], int]) -> float:
    """``value`` at ``digits`` significant digits by ``rounding`` (round, math.floor or math.ceil); 0 stays 0.

    Rounding heeds the sign: math.floor makes a negative number larger in size. The value is finite.

    Examples
    --------
    >>> round_significant(1234, 2, math.floor), round_significant(-1234, 2, math.floor)
    (1200.0, -1300.0)
    >>> round_significant(0.456, 1, round), round_significant(0.0, 3, math.ceil)
    (0.5, 0.0)
    """
    if value == 0:
        return 0.0
    step = _one_step(value, digits)
    # Times a step such as 0.001 gives 0.30000000000000004 and the like; twelve digits read as what was meant.
    return float(f"{rounding(value / step) * step:.12g}")


def _one_step(value: float, digits: int) -> float:
    if value == 0:
        return float(10.0 ** (1 - digits))
    return float(10.0 ** (math.floor(math.log10(abs(value))) - digits + 1))
