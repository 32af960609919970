"""Predictions at several resolutions, brought back to full resolution and averaged.

A slump larger than a window is seen whole only in coarser pixels; one of a few pixels only in fine ones.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from entropice.errors import ConfigError
from entropice.imagery.windows import Predict, known
from entropice.types import BoolArray, Float32Array, FloatArray

FACTORS: Final = (1, 2, 4)
"""Edges of the pixels predicted, in pixels of the scene: resolutions 1, 1/2 and 1/4."""

_KNOWN_SHARE: Final = 0.5


def at_resolutions(predict: Predict, factors: Sequence[int] = FACTORS) -> Predict:
    """Predict images (…, band, row, column) as the mean of `predict` at several resolutions.

    Coarser predictions come back by linear interpolation between the middles of their pixels. A pixel's mean is over
    the resolutions that know it; where a band is not valid it is NaN.

    Parameters
    ----------
    predict
        Values and their validity, (…, band, row, column) each, to (…, row, column), as is what is made of it. Gets
        images of fewer rows and columns at coarser resolutions, NaN where less than half of a pixel is known.
    factors
        Edges of the pixels seen, in pixels of the image.

    Raises
    ------
    ConfigError
        No factor, one below 1, or full resolution is missing, so that valid pixels could stay unknown.

    Examples
    --------
    Seen in pixels twice as wide the step is a slope of 0, 1, 3 and 4:

    >>> image = np.array([[[0, 0, 4, 4], [0, 0, 4, 4]]], np.float32)
    >>> smooth = at_resolutions(lambda values, valid: values[..., 0, :, :], (1, 2))
    >>> smooth(image, np.ones((1, 2, 4), bool))[0].tolist()
    [0.0, 0.5, 3.5, 4.0]
    """
    if 1 not in factors or min(factors) < 1:
        raise ConfigError(
            "Resolutions need the full one.", field="factors", got=tuple(factors), expected="1 and larger integers"
        )

    def predict_all(values: Float32Array, valid: BoolArray) -> Float32Array:
        shape = values.shape[-2:]
        layers = np.stack([finer(known(predict, *coarser(values, valid, n)), n, shape) for n in factors])
        n_known = (~np.isnan(layers)).sum(axis=0)
        mean = np.nan_to_num(layers).sum(axis=0) / np.maximum(n_known, 1)
        return np.where(valid.all(axis=-3), mean, np.nan).astype(np.float32)

    return predict_all


def coarser(values: Float32Array, valid: BoolArray, factor: int) -> tuple[Float32Array, BoolArray]:
    """Means of the known values in squares of `factor` pixels, NaN where less than half of a square is known.

    Parameters
    ----------
    values, valid
        As `entropice.imagery.windows.Predict` has them; squares may reach beyond the last row and column.

    Returns
    -------
    tuple
        The means, and which squares count: those of which at least half does.

    Examples
    --------
    Of the first square half is known; of the second, which reaches beyond the edge, a quarter.

    >>> values = np.array([[[1.0, 3.0, 5.0], [9.0, 9.0, 9.0]]], np.float32)
    >>> means, counts = coarser(values, np.array([[[True, True, True], [False, False, False]]]), 2)
    >>> means.tolist(), counts.tolist()
    ([[[2.0, nan]]], [[[True, False]]])
    """
    known = valid & ~np.isnan(values)
    sums, n_known, n_valid = (_sums(each, factor) for each in (np.where(known, values, 0.0), known, valid))
    enough = _KNOWN_SHARE * factor**2
    means = np.where(n_known >= enough, sums / np.maximum(n_known, 1), np.nan)
    return means.astype(np.float32), n_valid >= enough


def finer(logits: FloatArray, factor: int, shape: tuple[int, ...]) -> FloatArray:
    """Bring (…, row, column) of pixels `factor` times as wide to a shape (row, column); NaN counts for nothing.

    Between middles of the wide pixels values are interpolated linearly, beyond the outermost middles they stay.

    Examples
    --------
    >>> finer(np.array([[0.0, 1.0]]), 2, (1, 4)).tolist(), finer(np.array([[0.0, np.nan]]), 2, (1, 4)).tolist()
    ([[0.0, 0.25, 0.75, 1.0]], [[0.0, 0.0, 0.0, nan]])
    """
    if factor == 1:
        return logits
    images = [_finer(image, factor, shape) for image in logits.reshape(-1, *logits.shape[-2:])]
    return np.reshape(images, (*logits.shape[:-2], *shape))


def _finer(logits: FloatArray, factor: int, shape: tuple[int, ...]) -> FloatArray:
    is_known = ~np.isnan(logits)
    # Values and what is known of them are interpolated apart and divided: interpolated together, one NaN would reach
    # all pixels around.
    row, column = ((np.arange(n) + 0.5) / factor - 0.5 for n in shape)
    at = np.meshgrid(row, column, indexing="ij")
    sums, weights = (
        ndimage.map_coordinates(each, at, order=1, mode="nearest")
        for each in (np.nan_to_num(logits), is_known.astype(np.float64))
    )
    known_weights = np.where(weights > 0, weights, np.nan)
    return np.asarray(sums / known_weights, dtype=np.float64)


def _sums(values: FloatArray | BoolArray, factor: int) -> FloatArray:
    beyond = [(0, -n % factor) for n in values.shape[-2:]]
    padded = np.pad(values, [*[(0, 0)] * (values.ndim - 2), *beyond])
    rows, columns = (n // factor for n in padded.shape[-2:])
    squares = padded.reshape(*values.shape[:-2], rows, factor, columns, factor)
    return np.asarray(squares.sum(axis=(-3, -1), dtype=np.float64), dtype=np.float64)
