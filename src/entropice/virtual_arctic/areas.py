"""Areas of single slumps."""

import numpy as np

from entropice.types import FloatArray
from entropice.virtual_arctic.specification import AreaDistribution


def draw_areas_m2(distribution: AreaDistribution, random: np.random.Generator, n_slumps: int) -> FloatArray:
    """Independent draws from the truncated inverse gamma, by rejection: exact, and within its bounds.

    Float64 (n_slumps,), m²; empty for 0. The density is ∝ x^(−a − 1) exp(−b / x) for min ≤ x ≤ max and 0 elsewhere, a
    the shape and b the scale in m². How many numbers are taken from `random` depends on how many are rejected.

    Notes
    -----
    Rates of area growth of thaw slumps follow an inverse gamma (Bernhard et al. 2022, doi:10.5194/tc-16-1-2022). X is
    inverse gamma where scale / X is a standard gamma of the same shape.

    Examples
    --------
    >>> distribution = AreaDistribution(shape=2.0, scale_m2=2000.0, min_m2=500.0, max_m2=4000.0)
    >>> areas_m2 = draw_areas_m2(distribution, np.random.default_rng(0), 1000)
    >>> areas_m2.shape, bool(areas_m2.min() >= 500), bool(areas_m2.max() <= 4000)
    ((1000,), True, True)
    """
    areas_m2 = np.empty(n_slumps)
    open_places = np.arange(n_slumps)
    while open_places.size:
        areas_m2[open_places] = distribution.scale_m2 / random.standard_gamma(distribution.shape, open_places.size)
        drawn_m2 = areas_m2[open_places]
        # Clipping instead would heap areas up at both bounds.
        open_places = open_places[(drawn_m2 < distribution.min_m2) | (drawn_m2 > distribution.max_m2)]
    return areas_m2
