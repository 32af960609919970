"""Images of samples as pictures that can be compared with each other: none is stretched by what it shows."""

from typing import Final

import numpy as np

from entropice.dggs.polar import unproject
from entropice.imagery.bands import RGB, band_named
from entropice.imagery.map_layers import Ramp
from entropice.imagery.panels import Picture
from entropice.imagery.samples import Image, Place

UNKNOWN_GREY: Final = np.float32(0.5)


def picture_of(image: Image, title: str) -> Picture:
    """An image (band, row, column) in its colours, grey where nothing is known; its first band where it has no colours.

    Values from 0 to 1 are shown as they are, brighter ones as 1. Values of a single band are shown in its unit, from
    its lowest to its highest possible value, and are NaN where not known.

    >>> values = np.array([[[2.0]], [[0.25]], [[0.75]]], dtype=np.float32)
    >>> known = np.array([[[True]], [[True]], [[False]]])
    >>> picture_of(Image(("red", "green", "blue"), values, known), "seen").values.tolist()
    [[[1.0, 0.25, 0.5]]]
    """
    if not set(RGB) <= set(image.bands):
        band = band_named(image.bands[0])
        values = np.where(image.valid[0], image.values[0], np.float32(np.nan))
        return Picture(title, values, Ramp(band.low, band.high, "viridis"), band.unit)
    places = [image.bands.index(band) for band in RGB]
    colours = np.where(image.valid[places], np.clip(image.values[places], 0, 1), UNKNOWN_GREY)
    return Picture(title, np.moveaxis(colours, 0, -1).astype(np.float32))


def told_place(place: Place) -> str:
    """Where the middle of a place lies, and its year: ``68.2° N, 45.1° W, 2012``.

    Tenths of a degree on the WGS 84 ellipsoid; a longitude of 0 is told as east.

    >>> told_place(Place(-100.0, -2_000_000.0, 10.0, 20, 2012))
    '71.7° N, 45.0° W, 2012'
    """
    lon_deg, lat_deg = (float(value[0]) for value in unproject(np.array([place.centre_m])))
    return f"{lat_deg:.1f}° N, {abs(lon_deg):.1f}° {'W' if lon_deg < 0 else 'E'}, {place.year}"
