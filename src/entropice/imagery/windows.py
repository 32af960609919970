"""Scenes of any size seen through windows of one size, whose predictions blend into one another.

What predicts is a function of values and their validity, and what it gives may be logits or probabilities: they are
averaged as they are. `sliding` here, `at_resolutions` and `under_symmetries` beside it each make such a function of
another, so that they combine: ``at_resolutions(sliding(under_symmetries(network, 8), 512, 256), (1, 2, 4))``.
"""

from collections.abc import Callable
from itertools import product
from typing import Any, Final, TypeVar, cast

import numpy as np

from entropice.errors import ConfigError, SchemaError
from entropice.types import BoolArray, Float32Array, FloatArray

Predict = Callable[[Float32Array, BoolArray], Float32Array]
"""Values (…, band, row, column) and where they count (…, 1 or band, row, column) → logits (…, row, column).

Leading dimensions are images by themselves. Values may be NaN where they are not known. A pixel counts where it does in
all that stands in the place of bands; what is given elsewhere is not looked at.
"""

Pixels = TypeVar("Pixels", bound=np.ndarray[Any, Any])
Window = tuple[slice, slice]

N_AT_ONCE: Final = 8


def sliding(predict: Predict, n_pixels: int, n_overlap: int, n_at_once: int = N_AT_ONCE) -> Predict:
    """Predict scenes (band, row, column) of any size through square windows.

    Windows overlap by at least `n_overlap` pixels and the last ones end at the scene's edges (`window_starts` with a
    step of `n_pixels` − `n_overlap`); a scene smaller than a window is filled up with pixels that are not valid. Each
    pixel is the mean of its windows' predictions weighted by `window_weight`; a prediction that is the same everywhere
    comes out as it is. Pixels of which a band is not valid come out as NaN.

    What is made takes values float32 and validity bool, (band, row, column) each, and gives float32 (row, column).

    Parameters
    ----------
    predict
        Gets (n, band, `n_pixels`, `n_pixels`), n at most `n_at_once`.
    n_overlap
        0 or more, less than `n_pixels`.

    Raises
    ------
    ConfigError
        The overlap is not smaller than the window.
    SchemaError
        From the function made: `predict` gives another shape, or NaN at a valid pixel.

    Examples
    --------
    A scene of 5 × 6 pixels, larger than a window and no multiple of it; `predict` gives its values back:

    >>> whole = sliding(lambda values, valid: values[..., 0, :, :], n_pixels=4, n_overlap=2)
    >>> values, valid = np.arange(30, dtype=np.float32).reshape(1, 5, 6), np.ones((1, 5, 6), bool)
    >>> valid[0, 0, 0] = False
    >>> whole(values, valid).round(4)[:2].tolist()
    [[nan, 1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0, 11.0]]
    """
    if not 0 <= n_overlap < n_pixels:
        raise ConfigError(
            "Windows must move on.",
            field="n_overlap",
            got=n_overlap,
            expected=f"0 to {n_pixels - 1}, less than the window's edge",
            fix="take a smaller overlap: half a window is plenty",
        )

    def predict_scene(values: Float32Array, valid: BoolArray) -> Float32Array:
        # A network sees least of what surrounds a window's rim: weights fall towards it, so that seams show neither a
        # jump nor the poorer of two predictions.
        seen, is_valid = _filled_up(values, n_pixels), _filled_up(valid, n_pixels)
        sums, weights, weight = np.zeros(seen.shape[-2:]), np.zeros(seen.shape[-2:]), window_weight(n_pixels)
        for part in _parts(_windows(seen.shape[-2:], n_pixels, n_pixels - n_overlap), n_at_once):
            logits = known(predict, _stack(seen, part), _stack(is_valid, part))
            # What is not known is added as 0 with its weight, which is right as it comes out as NaN: a pixel is valid
            # in all of its windows or in none.
            for window, own in zip(part, np.nan_to_num(logits), strict=True):
                sums[window] += weight * own
                weights[window] += weight
        n_rows, n_columns = values.shape[-2:]
        blended = (sums / weights)[:n_rows, :n_columns]
        return np.where(valid.all(axis=0), blended, np.nan).astype(np.float32)

    return predict_scene


def within_window(predict: Predict, n_pixels: int) -> Predict:
    """Predict images (…, band, row, column) smaller than a window by filling them up with pixels that are not valid.

    `predict`, and what is made, take values and their validity, (…, band, row, column) each, to (…, row, column).
    Images are filled up below and at the right, with NaN, and what `predict` gives there is cut off again. Larger ones
    are predicted as they are.

    Examples
    --------
    >>> shapes = []
    >>> predict = within_window(lambda values, valid: shapes.append(values.shape) or values[..., 0, :, :], 4)
    >>> predict(np.ones((1, 2, 3), np.float32), np.ones((1, 2, 3), bool)).shape, shapes
    ((2, 3), [(1, 4, 4)])
    """

    def predict_filled_up(values: Float32Array, valid: BoolArray) -> Float32Array:
        n_rows, n_columns = values.shape[-2:]
        return predict(_filled_up(values, n_pixels), _filled_up(valid, n_pixels))[..., :n_rows, :n_columns]

    return predict_filled_up


def window_starts(n: int, n_pixels: int, step: int) -> list[int]:
    """First pixels of the windows along an edge of n ≥ `n_pixels` pixels; the last window ends with the edge.

    The last two may be less than `step` apart; n less than `n_pixels` is not meant.

    Examples
    --------
    >>> window_starts(10, 4, 3), window_starts(5, 4, 3), window_starts(4, 4, 3)
    ([0, 3, 6], [0, 1], [0])
    """
    return [*range(0, n - n_pixels, step), n - n_pixels]


def window_weight(n_pixels: int) -> FloatArray:
    """Weight of a window's pixels, shape (n_pixels, n_pixels): sin² in both directions, Hann's window at half pixels.

        w(i, j) = sin²(π (i + ½) / n) sin²(π (j + ½) / n),    i, j = 0 … n − 1.

    It is above 0 everywhere, so that each pixel has a weight also where one window alone sees it.

    Examples
    --------
    Windows that overlap by half add up to the same weight everywhere:

    >>> along = window_weight(4).sum(axis=0) / window_weight(4).sum() * 2
    >>> (along[:2] + along[2:]).round(6).tolist()
    [1.0, 1.0]
    """
    along = np.sin(np.pi * (np.arange(n_pixels) + 0.5) / n_pixels) ** 2
    return np.outer(along, along)


def known(predict: Predict, values: Float32Array, valid: BoolArray) -> FloatArray:
    """Predictions (…, row, column) as float64, NaN where a band is not valid.

    Parameters
    ----------
    values, valid
        (…, band, row, column), float32 and bool.

    Raises
    ------
    SchemaError
        `predict` gives another shape, or NaN at a pixel all of whose bands are valid.

    Examples
    --------
    >>> valid = np.array([[[True, False]]])
    >>> known(lambda values, valid: values[..., 0, :, :], np.ones((1, 1, 2), np.float32), valid).tolist()
    [[1.0, nan]]
    """
    logits, is_known = np.asarray(predict(values, valid), dtype=np.float64), valid.all(axis=-3)
    if logits.shape != is_known.shape:
        raise SchemaError("Predictions have another shape than the image.", got=logits.shape, expected=is_known.shape)
    if np.isnan(logits[is_known]).any():
        raise SchemaError(
            "Valid pixels have no prediction.",
            field="logits",
            got=f"{int(np.isnan(logits[is_known]).sum())} NaN",
            expected="a number wherever all bands are valid",
            fix="look for NaN that the model passes on: statistics with a spread of 0, or weights that diverged",
        )
    return np.where(is_known, logits, np.nan)


def _windows(shape: tuple[int, ...], n_pixels: int, step: int) -> list[Window]:
    starts = product(*(window_starts(n, n_pixels, step) for n in shape))
    return [(slice(row, row + n_pixels), slice(column, column + n_pixels)) for row, column in starts]


def _parts(windows: list[Window], n_at_once: int) -> list[list[Window]]:
    return [windows[first : first + n_at_once] for first in range(0, len(windows), n_at_once)]


def _stack(pixels: Pixels, windows: list[Window]) -> Pixels:
    return cast("Pixels", np.stack([pixels[..., *window] for window in windows]))


def _filled_up(pixels: Pixels, n_pixels: int) -> Pixels:
    """Pad (…, row, column) to at least a window: values with NaN, which is not known, and what counts with False."""
    missing = [(0, max(n_pixels - n, 0)) for n in pixels.shape[-2:]]
    nothing = np.nan if np.issubdtype(pixels.dtype, np.floating) else False
    return cast("Pixels", np.pad(pixels, [*[(0, 0)] * (pixels.ndim - 2), *missing], constant_values=nothing))
