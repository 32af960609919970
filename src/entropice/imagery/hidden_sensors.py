"""Sensors hidden at random while a network learns, so that it can do without any of them."""

from dataclasses import replace

import numpy as np

from entropice.imagery.samples import Image, Sample
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.sensors import known_pixels, sensor_pixels
from entropice.types import BoolArray

_OF_PIXELS = 2


def with_hidden_sensors(sample: Sample, sensors: Sensors, probability: float, random: np.random.Generator) -> Sample:
    """The sample without the bands of some sensors, each hidden at a probability.

    One uniform number is drawn for each of ``sensors.bands``, in their order; a sensor is hidden where it lies below
    the probability. Of `Sensors.knowing` that know any pixel of the sample the one with the highest number is left: so
    where chance would hide all, it is each of them with equal chance. Bands of a hidden sensor are valid nowhere, in
    all images of the sample, their values are 0, and pixels of a mask that no other sensor knows no longer count. A
    class, or frames, count as before. The arrays of `sample` stay as they are.

    Examples
    --------
    >>> from entropice.imagery.samples import Place
    >>> image = Image(("red", "vv"), np.ones((2, 1, 1), np.float32), np.ones((2, 1, 1), bool))
    >>> sample = Sample("a", image, np.zeros((1, 1), np.uint8), np.ones((1, 1), bool), Place(0.0, 0.0, 10.0, 1, 2020))
    >>> sensors = Sensors({"optical": ("red",), "radar": ("vv",)})
    >>> hidden = with_hidden_sensors(sample, sensors, 1.0, np.random.default_rng(0))
    >>> int(hidden.image.valid.sum()), hidden.scored.tolist()
    (1, [[True]])
    """
    draws = {name: random.uniform() for name in sensors.bands}
    knows = [name for name, bands in sensors.knowing.items() if sensor_pixels(sample.image, bands).any()]
    # The one with the highest draw, which is the last that a rising probability would hide: no draw of its own is
    # needed, and what is hidden at a lower probability is hidden at a higher one, too.
    left = max(knows, key=lambda name: draws[name], default=None)
    hidden = {name for name in draws if draws[name] < probability and name != left}
    image = _without(sample.image, {band for name in hidden for band in sensors.bands[name]})
    return replace(sample, image=image, scored=_still_scored(sample, image, sensors))


def _without(image: Image, bands: set[str]) -> Image:
    is_left = np.array([band not in bands for band in image.bands])[:, None, None]
    valid = image.valid & is_left
    return Image(image.bands, np.where(valid, image.values, np.float32(0.0)), valid)


def _still_scored(sample: Sample, image: Image, sensors: Sensors) -> BoolArray:
    if sample.scored.ndim != _OF_PIXELS:
        return sample.scored
    lost = known_pixels(sample.image, sensors) & ~known_pixels(image, sensors)
    return np.asarray(sample.scored & ~lost.any(axis=tuple(range(lost.ndim - _OF_PIXELS))))
