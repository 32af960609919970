"""Rivals of a network that marks changes: models that judge each pixel of two images by itself or its surroundings."""

from typing import Final

import numpy as np

from entropice.imagery.pixel_models import PixelModel, boosting, logistic, own_values, values_in_context
from entropice.types import Float32Array

DIFFERENCE: Final = "difference"
"""Name of plain image differencing."""


def brightness_difference(pair: Float32Array) -> Float32Array:
    """How much the brightness of each pixel differs: standardised values (2, band, row, column) to (row × column, 1).

    Brightness is the mean of all bands, each in its standard deviations. What is fitted to it is a line through one
    number, so that its order of pixels, and a threshold on it, is that of the difference itself.

    float32, 0 or more; NaN where a band of either image is not known.

    Examples
    --------
    >>> before, after = np.array([[[0.0, 1.0]], [[2.0, 1.0]]]), np.array([[[4.0, 1.0]], [[2.0, np.nan]]])
    >>> brightness_difference(np.stack([before, after])).tolist()
    [[2.0], [nan]]
    """
    before, after = pair.mean(axis=1)
    return own_values(np.abs(after - before)[None])


def values_of_both(pair: Float32Array) -> Float32Array:
    """The bands of each pixel before and after, and how much each band differs: columns, a row a pixel.

    `pair` is (2, n_band, row, column), the result (row · column, 3 · n_band); NaN where a band is not known.

    Bands before, then after, then |after − before|.

    Examples
    --------
    >>> values_of_both(np.array([[[[1.0, 5.0]]], [[[4.0, 3.0]]]])).tolist()
    [[1.0, 4.0, 3.0], [5.0, 3.0, 2.0]]
    """
    return own_values(_both_and_difference(pair))


def both_in_context(pair: Float32Array) -> Float32Array:
    """The columns of `values_of_both`, and mean and standard deviation of each in squares of 5 and 15 pixels around it.

    `pair` is (2, n_band, row, column), the result (row · column, 15 · n_band), float32, in the order of
    `entropice.imagery.pixel_models.values_in_context`: all columns, their means in 5 and in 15 pixels, their deviations
    in both. NaN counts for nothing in a square; a column's own value is NaN where it is not known.
    """
    return values_in_context(_both_and_difference(pair))


def _both_and_difference(pair: Float32Array) -> Float32Array:
    before, after = pair
    return np.concatenate([before, after, np.abs(after - before)])


PAIR_MODELS: Final[tuple[PixelModel, ...]] = (
    PixelModel(DIFFERENCE, "Image differencing", brightness_difference, logistic),
    PixelModel("pair_logistic", "Logistic regression on both images' pixels", values_of_both, logistic),
    PixelModel("pair_boosting", "Boosted trees on both images' pixels with surroundings", both_in_context, boosting),
)
