"""Areas of lakes in all years: their distribution, and the law of their change."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from entropice.types import FloatArray
from entropice.virtual_lakes.specification import Growth, Lakes

if TYPE_CHECKING:
    from numpy.random import Generator


def first_areas_m2(n_lakes: int, lakes: Lakes, random: "Generator") -> FloatArray:
    """Areas on the ground in the first year, log-normal between the smallest and the largest; shape (n,).

    m², float64: the logarithm is normal about that of `median_ha` with the standard deviation `log_spread`, cut to the
    range and drawn through its inverse distribution. So no area is clipped, and what is drawn has the median of the cut
    distribution.

    Examples
    --------
    >>> area_m2 = first_areas_m2(1000, Lakes(smallest_ha=0.1, largest_ha=2.0), np.random.default_rng(0))
    >>> area_m2.shape, bool(area_m2.min() >= 1e3), bool(area_m2.max() <= 2e4)
    ((1000,), True, True)
    """
    ends = np.log(np.array([lakes.smallest_ha, lakes.largest_ha]) / lakes.median_ha) / lakes.log_spread
    lowest, highest = ndtr(ends).tolist()
    # Uniform between the quantiles of both ends: the cut distribution without any rejection.
    chance = random.uniform(lowest, highest, n_lakes)
    area_m2: FloatArray = 1e4 * lakes.median_ha * np.exp(lakes.log_spread * ndtri(chance))
    return area_m2


def growth_factors(n_lakes: int, growth: Growth, years: tuple[int, ...], random: "Generator") -> FloatArray:
    """Area in each year over that in the first, shape (n, year).

    Years ascend; all are 1 in the first. Which lake does what is drawn, independently of its area, with chances
    `growing_share` and `draining_share`. With a single year all are 1.

    Notes
    -----
    A(t) = A₀ (1 + v (t − t₀)) with v uniform from 0 to `largest_per_year` where a lake grows; A₀ before one of the
    later years, drawn evenly, and a share of it, uniform from 0 to `largest_left`, from then on where it drains; A₀ in
    all years otherwise.
    """
    elapsed = np.array(years) - years[0]
    kind, speed, when, left = random.uniform(size=(4, n_lakes, 1))
    grown = 1 + growth.largest_per_year * speed * elapsed
    drained = np.where(np.arange(len(years)) > when * (len(years) - 1), growth.largest_left * left, 1.0)
    is_growing, is_draining = kind < growth.growing_share, kind > 1 - growth.draining_share
    return np.where(is_growing, grown, np.where(is_draining, drained, 1.0))
