"""Smooth random surfaces."""

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.types import Float32Array


def smooth_surface(random: np.random.Generator, shape: tuple[int, int], scale_px: float) -> Float32Array:
    """White noise under a Gaussian of standard deviation `scale_px`, mean 0 and variance 1 over the surface.

    float32 of `shape`; it goes on periodically over its edges. The Gaussian is cut off at four standard deviations, and
    mean and standard deviation are those of the surface itself.
    """
    surface = gaussian_filter(random.standard_normal(shape, dtype=np.float32), scale_px, mode="wrap")
    standard: Float32Array = (surface - surface.mean()) / surface.std()
    return standard


def nearby(values: Float32Array, scale_px: float) -> Float32Array:
    """Mean of what lies around, under a Gaussian; beyond the edge lies what lies at the edge.

    float32 of the given shape, the Gaussian's standard deviation in pixels, cut off at three of them.

    Examples
    --------
    >>> nearby(np.full((2, 2), 3.0, dtype=np.float32), 1.0).tolist()
    [[3.0, 3.0], [3.0, 3.0]]
    """
    around: Float32Array = gaussian_filter(values, scale_px, mode="nearest", truncate=3.0)
    return around
