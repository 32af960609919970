"""Forecasts of each pixel by itself: as it was, or on the straight line that it was on."""

from collections.abc import Sequence

import numpy as np

from entropice.imagery.bands import band_named
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.samples import Image
from entropice.types import Float32Array, FloatArray


def persistence(samples: FrameSamples) -> Forecaster:
    """The last value of every pixel, at all horizons."""

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        last = target_of(image, samples.target_bands).values[:, -1:]
        return np.repeat(last, samples.rules.future_horizons, axis=1)

    return forecast


def linear_trend(samples: FrameSamples) -> Forecaster:
    """The line of least squares through the known values of every pixel, within its band's range.

    A pixel that is known once keeps its value.
    """
    low, high = ranges(samples.target_bands)

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        return np.clip(continued(target_of(image, samples.target_bands), samples.rules.future_horizons), low, high)

    return forecast


def target_of(image: Image, bands: Sequence[str]) -> Image:
    """Some of the bands of an image (…, band, row, column)."""
    places = [image.bands.index(band) for band in bands]
    return Image(tuple(bands), image.values[..., places, :, :], image.valid[..., places, :, :])


def ranges(bands: Sequence[str]) -> tuple[Float32Array, Float32Array]:
    """Lowest and highest possible values (band, 1, 1)."""
    declared = [band_named(band) for band in bands]
    low, high = ([band.low for band in declared], [band.high for band in declared])
    return np.array(low, dtype=np.float32)[:, None, None], np.array(high, dtype=np.float32)[:, None, None]


def continued(target: Image, n_horizons: int) -> Float32Array:
    """Steps (n, n_horizons, band, row, column) on the lines through known values (n, time, band, row, column)."""
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
