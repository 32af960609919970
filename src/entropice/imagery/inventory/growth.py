"""How areas change between two years, with intervals that follow from those of both."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm

from entropice.imagery.inventory.area_errors import TAIL, Areas
from entropice.types import FloatArray

_QUANTILE: Final = float(norm.ppf(1 - TAIL))


@dataclass(frozen=True)
class Change:
    """Changes (n,) of area with the ends of their 90 % intervals, m², and the chance that the area grew."""

    change_m2: FloatArray
    low_m2: FloatArray
    high_m2: FloatArray
    p_grew: FloatArray


def change_of(first: Areas, last: Areas, correlation: float) -> Change:
    """Change (n,) of areas from first to last with the ends of its 90 % intervals, m², and the chance that they grew.

    Parameters
    ----------
    first, last
        Of the same objects (n,) in two years, in the same order.
    correlation
        ρ of the errors of both, 0 or more and below 1: `AreaErrors.between_years`.

    Notes
    -----
    The limits are recovered from those of both areas (Zou and Donner 2008, doi:10.1002/sim.3095, with the term of their
    correlation ρ):

        L = Δ − √((Â₂ − l₂)² + (u₁ − Â₁)² − 2 ρ (Â₂ − l₂)(u₁ − Â₁)),    Δ = Â₂ − Â₁,

    and U with the other limits; Â are areas, l and u the ends of their intervals, 1 in the first year and 2 in the
    last. An outline that lies too far out in one year often does in the other; ρ is 0, so that intervals are rather too
    long, unless audits have shown it. ``p_grew`` takes the side of the interval that points to 0 for 1.645 standard
    deviations of a normal law; where it has no length the sign of Δ decides, ½ at 0.

    Examples
    --------
    100 m² (80 to 120) grew to 150 m² (130 to 180): L = 50 − √(20² + 20²), U = 50 + √(30² + 20²).

    >>> first = Areas(*np.array([[100.0], [80.0], [120.0], [12.0]]))
    >>> last = Areas(*np.array([[150.0], [130.0], [180.0], [15.0]]))
    >>> change = change_of(first, last, 0.0)
    >>> [float(each[0].round(3)) for each in (change.change_m2, change.low_m2, change.high_m2, change.p_grew)]
    [50.0, 21.716, 86.056, 0.998]
    """
    change = last.area_m2 - first.area_m2
    down = _together(last.area_m2 - last.low_m2, first.high_m2 - first.area_m2, correlation)
    up = _together(last.high_m2 - last.area_m2, first.area_m2 - first.low_m2, correlation)
    towards_0 = np.where(change > 0, down, up) / _QUANTILE
    # Without any doubt of either area the sign decides, where 0 / 0 would.
    is_certain = towards_0 == 0
    p_grew = norm.cdf(change / np.where(is_certain, 1.0, towards_0))
    return Change(change, change - down, change + up, np.where(is_certain, (np.sign(change) + 1) / 2, p_grew))


def _together(one: FloatArray, other: FloatArray, correlation: float) -> FloatArray:
    return np.asarray(np.sqrt(one**2 + other**2 - 2 * correlation * one * other), dtype=np.float64)
