"""Pixels beside a label's edge, which nobody draws exactly: they do not count."""

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from entropice.imagery.samples import Target
from entropice.types import BoolArray


def away_from_edges(target: Target, width_px: int) -> BoolArray:
    """Whether all pixels within a square of `width_px` around each pixel of a mask (row, column) have one label.

    Beyond the mask's own edge its outermost labels go on. With a width of 0 every pixel counts.
    """
    if width_px == 0:
        return np.ones(target.shape, dtype=np.bool_)
    size = 2 * width_px + 1
    alike: BoolArray = maximum_filter(target, size, mode="nearest") == minimum_filter(target, size, mode="nearest")
    return alike
