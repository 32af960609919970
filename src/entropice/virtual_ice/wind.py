"""Geostrophic wind with memory."""

import numpy as np
from scipy.signal import lfilter

from entropice.types import FloatArray
from entropice.virtual_ice.random_fields import along_contours, gaussian_fields, generator
from entropice.virtual_ice.specification import IceRegion, Wind


def pressures(wind: Wind, region: IceRegion, n_days: int, seed: int, season: int) -> FloatArray:
    """Pressure of each day of a season, mean 0 and variance 1, shape (day, row, column).

    Row 0 is in the north; `season` is its number, whose pressure has nothing to do with that of others: it is drawn
    from `generator` (seed, ``"pressure"``, season).

    Notes
    -----
    An autoregressive field of first order, p' = a p + √(1 − a²) ξ with a = exp(−1 day / memory) and ξ a new
    `gaussian_fields` each day; the first is one of them, so that all days have the same distribution.
    """
    fields = gaussian_fields(
        generator(seed, "pressure", season), n_days, region.n_pixels, wind.scale_m / region.pixel_m
    )
    return remembering(fields, wind.memory_days)


def winds_m_s(wind: Wind, region: IceRegion, pressure: FloatArray) -> FloatArray:
    """Geostrophic wind, shape (2, …, row, column): towards larger x and towards larger y.

    It follows the contours of pressure with the high to its right, as north of the equator, and does not diverge.

    Pressure is (…, row, column), row 0 in the north. It is `Wind.speed_m_s` times `along_contours` of the pressure at
    `Wind.scale_m` over the pixel, so that the root mean square of the speed over many days and worlds is
    `Wind.speed_m_s`.
    """
    return wind.speed_m_s * along_contours(pressure, wind.scale_m / region.pixel_m)


def remembering(fields: FloatArray, memory_days: float) -> FloatArray:
    """Autoregressive fields of first order out of independent ones, shape (day, row, column); variances are kept.

    The first is the first one given; then x' = a x + √(1 − a²) ξ with a = exp(−1 / `memory_days`) and ξ the next one
    given.

    Examples
    --------
    >>> remembering(np.array([1.0, 0.0, 0.0]), memory_days=1.0).round(3).tolist()
    [1.0, 0.368, 0.135]
    """
    kept = np.exp(-1 / memory_days)
    new = np.sqrt(1 - kept**2)
    # The filter's first value is new · ξ; what it begins with makes that ξ itself, as stationary as all others.
    remembered, _ = lfilter([new], [1, -kept], fields, axis=0, zi=(1 - new) * fields[:1])
    return np.asarray(remembered, dtype=np.float64)
