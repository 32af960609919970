"""Forecasts of each pixel by itself: as it was, or on the straight line that it was on."""

from collections.abc import Sequence

import numpy as np

from entropice.imagery.bands import band_named
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.samples import Image
from entropice.types import Float32Array, FloatArray


def persistence(samples: FrameSamples) -> Forecaster:
    """The last value of every pixel, at all horizons.

    A function of keys and inputs (n, time, band, row, column) in physical units; forecasts are (n, horizon,
    target_band, row, column), float32. Where a pixel is not valid at the last input they mean nothing.
    """

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        last = target_of(image, samples.target_bands).values[:, -1:]
        return np.repeat(last, samples.rules.future_horizons, axis=1)

    return forecast


def linear_trend(samples: FrameSamples) -> Forecaster:
    """The line of least squares through the known values of every pixel, within its band's range.

    A function of keys and inputs (n, time, band, row, column) in physical units; forecasts are (n, horizon,
    target_band, row, column), float32, by `continued`. A pixel that is known once keeps its value.
    """
    low, high = ranges(samples.target_bands)

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        return np.clip(continued(target_of(image, samples.target_bands), samples.rules.future_horizons), low, high)

    return forecast


def target_of(image: Image, bands: Sequence[str]) -> Image:
    """Some of the bands of an image (…, band, row, column).

    In the order asked for; copies.

    Raises
    ------
    ValueError
        The image lacks a band.

    Examples
    --------
    >>> image = Image(("red", "nir"), np.array([[[1.0]], [[2.0]]], np.float32), np.array([[[True]], [[False]]]))
    >>> target_of(image, ("nir",))
    Image(bands=('nir',), values=array([[[2.]]], dtype=float32), valid=array([[[False]]]))
    """
    places = [image.bands.index(band) for band in bands]
    return Image(tuple(bands), image.values[..., places, :, :], image.valid[..., places, :, :])


def ranges(bands: Sequence[str]) -> tuple[Float32Array, Float32Array]:
    """Lowest and highest possible values of bands, float32 (band, 1, 1) each, in their units.

    Raises
    ------
    ConfigError
        A band is not declared.

    Examples
    --------
    >>> low, high = ranges(("ndvi", "ice_concentration"))
    >>> low.ravel().tolist(), high.ravel().tolist()
    ([-1.0, 0.0], [1.0, 1.0])
    """
    declared = [band_named(band) for band in bands]
    low, high = ([band.low for band in declared], [band.high for band in declared])
    return np.array(low, dtype=np.float32)[:, None, None], np.array(high, dtype=np.float32)[:, None, None]


def continued(target: Image, n_horizons: int) -> Float32Array:
    """Steps (n, n_horizons, band, row, column) on the lines through known values (n, time, band, row, column).

    float32, not held within any range. A pixel that is known once keeps its value, one that never is gets 0.

    Notes
    -----
    At horizon h it is ȳ + b (h − t̄), b = Σ (t − t̄)(y − ȳ) / Σ (t − t̄)², over the times t = … −1, 0 at which a pixel
    is known, 0 the last input.

    Examples
    --------
    Four pixels: 1 and 2, a middle time that is not known, one known value, none.

    >>> values = np.array([[9.0, 1.0, 9.0, 9.0], [1.0, 9.0, 5.0, 9.0], [2.0, 5.0, 9.0, 9.0]], np.float32)
    >>> image = Image(("red",), values.reshape(1, 3, 1, 1, 4), (values < 9).reshape(1, 3, 1, 1, 4))
    >>> continued(image, 2).reshape(2, 4).tolist()
    [[3.0, 7.0, 5.0, 0.0], [4.0, 9.0, 5.0, 0.0]]
    """
    n_times = target.values.shape[1]
    times = np.arange(1 - n_times, 1, dtype=np.float64)[:, None, None, None]
    weight = target.valid.astype(np.float64)
    n_known = np.maximum(weight.sum(axis=1, keepdims=True), 1)
    middle = (weight * times).sum(axis=1, keepdims=True) / n_known
    mean: FloatArray = (weight * target.values).sum(axis=1, keepdims=True) / n_known
    spread = (weight * (times - middle) ** 2).sum(axis=1, keepdims=True)
    joint = (weight * (times - middle) * (target.values - mean)).sum(axis=1, keepdims=True)
    slope = np.divide(joint, spread, out=np.zeros_like(joint), where=spread > 0)
    ahead = np.arange(1, n_horizons + 1)[:, None, None, None]
    line: Float32Array = (mean + slope * (ahead - middle)).astype(np.float32)
    return line
