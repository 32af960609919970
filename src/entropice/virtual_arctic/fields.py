"""Smooth random fields."""

import numpy as np
from scipy.fft import irfft2, rfft2, rfftfreq
from scipy.special import ndtri
from scipy.stats import rankdata

from entropice.types import Float32Array


def power_law_field(
    random: np.random.Generator, shape: tuple[int, int], exponent: float, longest_px: float
) -> Float32Array:
    """A Gaussian field of mean 0 and variance 1 that continues periodically over its edges.

    Notes
    -----
    Spectral power is (k² + longest_px⁻²)^(−exponent/2) at wave number k (cycles per pixel): a power law that flattens
    beyond ``longest_px``.
    """
    wave_number_squared = np.fft.fftfreq(shape[0])[:, None] ** 2 + rfftfreq(shape[1])[None, :] ** 2
    amplitude = (wave_number_squared + longest_px**-2) ** (-exponent / 4)
    amplitude[0, 0] = 0
    noise = random.standard_normal(shape, dtype=np.float32)
    field = irfft2(rfft2(noise) * amplitude.astype(np.float32), s=shape)
    return _standardised(field)


def rank_gaussian(field: Float32Array) -> Float32Array:
    """The same order of values with exactly Gaussian margins."""
    gaussian: Float32Array = ndtri(rank_uniform(field)).astype(np.float32)
    return gaussian


def rank_uniform(field: Float32Array) -> Float32Array:
    """The same order of values, spread evenly over (0, 1)."""
    ranks = (rankdata(field, method="ordinal") - 0.5) / field.size
    uniform: Float32Array = ranks.reshape(field.shape).astype(np.float32)
    return uniform


def _standardised(field: Float32Array) -> Float32Array:
    standardised: Float32Array = ((field - field.mean()) / field.std()).astype(np.float32)
    return standardised
