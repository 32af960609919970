"""Sums of areas with what was missed and made up."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm

from entropice.imagery.inventory.area_errors import TAIL
from entropice.imagery.inventory.calibration import TotalFactor
from entropice.types import FloatArray

_QUANTILE: Final = float(norm.ppf(1 - TAIL))


@dataclass(frozen=True)
class Total:
    """A sum of areas with its 90 % interval, m²."""

    area_m2: float
    low_m2: float
    high_m2: float
    sd_m2: float


def total_area(p: FloatArray, area_m2: FloatArray, sd_m2: FloatArray, total: TotalFactor) -> Total:
    """All area of a ground on which objects (n,) were found, with its 90 % interval and standard deviation, m².

    Parameters
    ----------
    p
        Chance that each is true.
    area_m2, sd_m2
        Of each, if it is.

    Returns
    -------
    Total
        All of it 0 where nothing was found.

    Notes
    -----
    The sum is T = f Σ p Â, Â the areas with standard deviations s, f from audited images with the standard deviation
    σ_f, where something was missed as here. Its variance is that of objects that err for themselves, and that of f, by
    which all err together:

        f² Σ (p (s² + Â²) − p² Â²) + (T σ_f / f)².

    The interval is that of a log-normal law with this variance V and the median T, so that it stays above 0: T divided
    and multiplied by exp(1.645 √log(1 + V / T²)). Where σ_f is NaN the standard deviation is, and so are the ends of a
    sum above 0.

    Examples
    --------
    One object that is surely true, of 100 m² ± 10 m²; a sixth of all area is missed, as surely:

    >>> total = total_area(np.array([1.0]), np.array([100.0]), np.array([10.0]), TotalFactor(1.2, 0.0))
    >>> round(total.area_m2, 6), round(total.sd_m2, 6), round(total.low_m2, 1), round(total.high_m2, 1)
    (120.0, 12.0, 101.8, 141.4)
    """
    sum_m2 = total.factor * float((p * area_m2).sum())
    of_each = total.factor**2 * float((p * (sd_m2**2 + area_m2**2) - (p * area_m2) ** 2).sum())
    sd = float(np.sqrt(of_each + (sum_m2 * total.sd / total.factor) ** 2))
    # The spread of the logarithm by which a law of this mean has this standard deviation. The sum is taken for its
    # median, so that the interval reaches as many times below as above.
    reach = _QUANTILE * float(np.sqrt(np.log1p((sd / sum_m2) ** 2))) if sum_m2 > 0 else 0.0
    return Total(sum_m2, sum_m2 * float(np.exp(-reach)), sum_m2 * float(np.exp(reach)), sd)
