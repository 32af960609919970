"""Bands that one sensor gives together: a pixel is known where one of its sensors knows all of its bands there."""

from collections.abc import Sequence

import numpy as np

from entropice.imagery.samples import Image
from entropice.imagery.sensor_rules import SensorBands, Sensors
from entropice.types import BoolArray


def known_pixels(image: Image, sensors: Sensors) -> BoolArray:
    """Where all bands of at least one of `Sensors.knowing` are valid, shape (…, row, column).

    Bands that no such sensor names are asked of nobody.

    Without sensors all bands are of one: a pixel is known where all are valid.

    Examples
    --------
    >>> valid = np.array([[[True, True, False]], [[True, False, False]], [[False, False, True]]])
    >>> image = Image(("red", "nir", "vv"), np.zeros(valid.shape, np.float32), valid)
    >>> bands = {"optical": ("red", "nir"), "radar": ("vv",)}
    >>> known_pixels(image, Sensors(bands)).tolist(), known_pixels(image, Sensors(bands, ["radar"])).tolist()
    ([[True, False, True]], [[False, False, True]])
    """
    of_sensors = [sensor_pixels(image, bands) for bands in sensors.knowing.values()]
    # One sensor is enough: a network that takes gaps sees below a cloud what radar sees.
    return np.asarray(np.logical_or.reduce(of_sensors) if of_sensors else image.valid.all(axis=-3))


def sensor_pixels(image: Image, bands: Sequence[str]) -> BoolArray:
    """Where all of some bands are valid, shape (…, row, column).

    Raises
    ------
    ValueError
        The image lacks a band.

    Examples
    --------
    >>> image = Image(("red", "nir"), np.zeros((2, 1, 2), np.float32), np.array([[[True, True]], [[True, False]]]))
    >>> sensor_pixels(image, ("red", "nir")).tolist(), sensor_pixels(image, ("red",)).tolist()
    ([[True, False]], [[True, True]])
    """
    return np.asarray(image.valid[..., _places(image, bands), :, :].all(axis=-3))


def missing_sensors(image: Image, sensors: SensorBands) -> frozenset[str]:
    """Bands of sensors that saw nothing in a whole image: none of whose bands is valid anywhere.

    Raises
    ------
    ValueError
        The image lacks a band of a sensor.

    Examples
    --------
    >>> image = Image(("red", "vv"), np.zeros((2, 1, 1), np.float32), np.array([[[True]], [[False]]]))
    >>> sorted(missing_sensors(image, {"optical": ("red",), "radar": ("vv",)}))
    ['vv']
    """
    absent = [bands for bands in sensors.values() if not image.valid[..., _places(image, bands), :, :].any()]
    return frozenset(band for bands in absent for band in bands)


def _places(image: Image, bands: Sequence[str]) -> list[int]:
    return [image.bands.index(band) for band in bands]
