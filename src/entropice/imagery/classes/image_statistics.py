"""What an image is like as a whole, in few numbers."""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter

from entropice.imagery.normalisation import filled
from entropice.types import Float32Array, FloatArray

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
TEXTURES_PX: Final = (1, 5)
"""Edges of the squares over which a band is averaged before its gradient is taken."""

_LEAST_SPREAD: Final = 0.01
"""Of a standard deviation of all images; what varies less is one value."""


def image_columns(inputs: Float32Array) -> FloatArray:
    """Statistics (n, column) of standardised images (n, band, row, column), float64.

    Nine columns a band, band after band: its mean, standard deviation and quantiles of 5, 25, 50, 75 and 95 %, and its
    texture, the mean magnitude of the gradient, of the band and of the band averaged over 5 pixels. NaN is taken for 0,
    the mean of a band.

    Standard deviations are divided by the number of pixels, quantiles interpolated linearly; gradients are half the
    difference of both neighbours (at the edge the difference to the one there is), a pixel the unit of length; squares
    of 5 × 5 pixels are filled beyond the edge with the outermost ones. Images have two rows and columns or more.

    Examples
    --------
    One band that is 2 everywhere, and one that rises by 1 from column to column:

    >>> flat, rising = np.full((6, 6), 2.0), np.arange(6.0) * np.ones((6, 1))
    >>> columns = image_columns(np.stack([flat, rising])[None].astype(np.float32))
    >>> columns[0, :9].round(4).tolist(), columns[0, [9, 13, 16]].round(4).tolist()
    ([2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0, 0.0], [2.5, 2.5, 1.0])
    """
    inputs = filled(inputs)
    pixels = inputs.reshape(*inputs.shape[:2], -1).astype(np.float64)
    quantiles = np.moveaxis(np.quantile(pixels, QUANTILES, axis=-1), 0, -1)
    textures = np.stack([_texture(inputs, edge_px) for edge_px in TEXTURES_PX], axis=-1)
    columns = [pixels.mean(axis=-1)[..., None], pixels.std(axis=-1)[..., None], quantiles, textures]
    return np.concatenate(columns, axis=-1).reshape(len(inputs), -1)


def _texture(inputs: Float32Array, edge_px: int) -> FloatArray:
    smooth = uniform_filter(inputs.astype(np.float64), size=(1, 1, edge_px, edge_px), mode="nearest")
    return np.asarray(np.hypot(*np.gradient(smooth, axis=(-2, -1))).mean(axis=(-2, -1)), dtype=np.float64)


def character_columns(inputs: Float32Array) -> FloatArray:
    """Brightness and roughness (n, column) of standardised images (n, band, row, column), float64.

    Four columns a band, band after band: its mean, and the natural logarithms of its standard deviation and its two
    textures (`image_columns`), to each of which 0.01 is added first. Spreads of images differ by factors, and bright
    and smooth is another thing than bright and rough by so much alone. NaN is taken for 0, the mean of a band.

    Examples
    --------
    >>> character_columns(np.full((1, 1, 4, 4), 2.0, np.float32)).round(4).tolist(), round(float(np.log(0.01)), 4)
    ([[2.0, -4.6052, -4.6052, -4.6052]], -4.6052)
    """
    inputs = filled(inputs)
    pixels = inputs.reshape(*inputs.shape[:2], -1).astype(np.float64)
    spreads = [pixels.std(axis=-1), *(_texture(inputs, edge_px) for edge_px in TEXTURES_PX)]
    logs = (np.log(spread + _LEAST_SPREAD) for spread in spreads)
    return np.stack([pixels.mean(axis=-1), *logs], axis=-1).reshape(len(inputs), -1)
