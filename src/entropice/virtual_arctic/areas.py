"""Areas of single slumps."""

import numpy as np

from entropice.types import FloatArray
from entropice.virtual_arctic.specification import AreaDistribution


def draw_areas_m2(distribution: AreaDistribution, random: np.random.Generator, n_slumps: int) -> FloatArray:
    """Independent draws from the truncated inverse gamma, by rejection: exact, and within its bounds.

    Notes
    -----
    Rates of area growth of thaw slumps follow an inverse gamma (Bernhard et al. 2022, 10.5194/tc-16-1-2022). X is
    inverse gamma where scale / X is a standard gamma of the same shape.
    """
    areas_m2 = np.empty(n_slumps)
    open_places = np.arange(n_slumps)
    while open_places.size:
        areas_m2[open_places] = distribution.scale_m2 / random.standard_gamma(distribution.shape, open_places.size)
        drawn_m2 = areas_m2[open_places]
        open_places = open_places[(drawn_m2 < distribution.min_m2) | (drawn_m2 > distribution.max_m2)]
    return areas_m2
