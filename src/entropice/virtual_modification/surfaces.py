"""Smooth random surfaces."""

import numpy as np
from scipy.ndimage import gaussian_filter

from entropice.types import Float32Array


def smooth_surface(random: np.random.Generator, shape: tuple[int, int], scale_px: float) -> Float32Array:
    """White noise under a Gaussian of standard deviation `scale_px`, mean 0 and variance 1 over the surface."""
    surface = gaussian_filter(random.standard_normal(shape, dtype=np.float32), scale_px, mode="wrap")
    standard: Float32Array = (surface - surface.mean()) / surface.std()
    return standard


def nearby(values: Float32Array, scale_px: float) -> Float32Array:
    """Mean of what lies around, under a Gaussian; beyond the edge lies what lies at the edge."""
    around: Float32Array = gaussian_filter(values, scale_px, mode="nearest", truncate=3.0)
    return around
