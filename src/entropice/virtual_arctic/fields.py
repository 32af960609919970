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

    float32 of `shape`, standardised by its own mean and standard deviation; the mean wave is taken out.

    Notes
    -----
    Spectral power is (k² + longest_px⁻²)^(−exponent/2) at wave number k (cycles per pixel): a power law that flattens
    beyond ``longest_px``.
    """
    wave_number_squared = np.fft.fftfreq(shape[0])[:, None] ** 2 + rfftfreq(shape[1])[None, :] ** 2
    amplitude = (wave_number_squared + longest_px**-2) ** (-exponent / 4)
    # The longest wave is the mean, which standardising takes out anyway.
    amplitude[0, 0] = 0
    noise = random.standard_normal(shape, dtype=np.float32)
    field = irfft2(rfft2(noise) * amplitude.astype(np.float32), s=shape)
    return _standardised(field)


def rank_gaussian(field: Float32Array) -> Float32Array:
    """The same order of values with exactly Gaussian margins.

    float32 of the same shape; z = Φ⁻¹(rank − ½ over n). Of equal values the earlier one is the lower.

    Examples
    --------
    >>> rank_gaussian(np.array([5.0, 1.0, 3.0], dtype=np.float32)).astype(float).round(2).tolist()
    [0.97, -0.97, 0.0]
    """
    gaussian: Float32Array = ndtri(rank_uniform(field)).astype(np.float32)
    return gaussian


def rank_uniform(field: Float32Array) -> Float32Array:
    """The same order of values, spread evenly over (0, 1).

    float32 of the same shape; (rank − ½) / n, ranks from 1 on. Of equal values the earlier one is the lower.

    Examples
    --------
    >>> rank_uniform(np.array([[30.0, 10.0], [20.0, 20.0]], dtype=np.float32)).tolist()
    [[0.875, 0.125], [0.375, 0.625]]
    """
    # Half a rank off both ends, where the normal quantile is infinite.
    ranks = (rankdata(field, method="ordinal") - 0.5) / field.size
    uniform: Float32Array = ranks.reshape(field.shape).astype(np.float32)
    return uniform


def _standardised(field: Float32Array) -> Float32Array:
    standardised: Float32Array = ((field - field.mean()) / field.std()).astype(np.float32)
    return standardised
