"""Images as networks see them: every band with mean 0 and standard deviation 1, NaN where it is not known."""

from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics
from entropice.types import BoolArray, Float32Array, FloatArray

MIN_JUDGED_PIXELS: Final = 64
"""Fewer may be one pixel of a band that is coarser than the others."""


def normalised(image: Image, statistics: BandStatistics) -> Float32Array:
    """Standardised values of the image's shape: (x − mean) / std where valid, and NaN elsewhere.

    Raises
    ------
    SchemaError
        The image's bands are not those of the statistics; a band is valid nowhere in the image, or has the same value
        wherever it is valid, at 64 pixels or more (`constant_bands`), which no sensor gives (an empty or filled file
        does). These two are looked at before the names.

    Examples
    --------
    >>> statistics = BandStatistics(("red",), 1, np.array([9]), np.array([10.0]), np.array([2.0]))
    >>> image = Image(("red",), np.array([[[12.0, 0.0]]], np.float32), np.array([[[True, False]]]))
    >>> normalised(image, statistics).tolist()
    [[[1.0, nan]]]
    """
    _refuse(missing_bands(image), "are missing in the whole image")
    _refuse(constant_bands(image), "have one value in the whole image")
    return standardised(image, statistics)


def standardised(image: Image, statistics: BandStatistics) -> Float32Array:
    """(x − mean) / sd of each band, float32 in the image's shape (…, n_band, row, column); NaN where it is not known.

    Nothing is checked: the image was looked at before, such as a part of a checked one.

    Raises
    ------
    SchemaError
        The image's bands are not those of the statistics.

    Examples
    --------
    >>> statistics = BandStatistics(("red",), 1, np.array([9]), np.array([10.0]), np.array([2.0]))
    >>> image = Image(("red",), np.array([[[12.0, 0.0]]], np.float32), np.array([[[True, False]]]))
    >>> standardised(image, statistics).tolist()
    [[[1.0, nan]]]
    """
    if image.bands != statistics.bands:
        raise SchemaError(
            "The image has other bands than the statistics.",
            field="bands",
            got=image.bands,
            expected=statistics.bands,
            fix="read the image with the bands of the model",
        )
    scaled = (image.values - _over_pixels(statistics.mean)) / _over_pixels(statistics.std)
    return np.where(image.valid, scaled, np.float32(np.nan))


def filled(inputs: Float32Array) -> Float32Array:
    """Standardised values, any shape, with 0, the mean, in place of NaN: for models that take no gaps.

    A copy; infinite values stay.

    Examples
    --------
    >>> filled(np.array([1.0, np.nan, np.inf], np.float32)).tolist()
    [1.0, 0.0, inf]
    """
    return np.nan_to_num(inputs, nan=0.0, posinf=np.inf, neginf=-np.inf)


def missing_bands(image: Image) -> tuple[str, ...]:
    """Bands that are valid nowhere.

    In the image's order; of several images in one, valid in none of them.
    """
    return _named(image, image.valid.sum(axis=_all_but_band(image)) == 0)


def constant_bands(image: Image) -> tuple[str, ...]:
    """Bands that are valid at `MIN_JUDGED_PIXELS` (64) or more, with the same value at all of them.

    In the image's order, and of all leading dimensions together.

    Examples
    --------
    Of 64 pixels, and of 56, which are too few to tell:

    >>> values = np.stack([np.ones((8, 8)), np.arange(64.0).reshape(8, 8)]).astype(np.float32)
    >>> image = Image(("red", "nir"), values, np.ones((2, 8, 8), bool))
    >>> constant_bands(image), constant_bands(Image(("red", "nir"), values[..., 1:], image.valid[..., 1:]))
    (('red',), ())
    """
    axes = _all_but_band(image)
    # Lowest and highest, not a standard deviation of 0, which rounding of many equal values misses.
    lowest = image.values.min(axis=axes, where=image.valid, initial=np.inf)
    highest = image.values.max(axis=axes, where=image.valid, initial=-np.inf)
    return _named(image, (lowest == highest) & (image.valid.sum(axis=axes) >= MIN_JUDGED_PIXELS))


def _all_but_band(image: Image) -> tuple[int, ...]:
    n_dims = image.values.ndim
    return tuple(axis for axis in range(n_dims) if axis != n_dims - 3)


def _named(image: Image, is_such: BoolArray) -> tuple[str, ...]:
    return tuple(band for band, such in zip(image.bands, is_such, strict=True) if such)


def _over_pixels(values: FloatArray) -> Float32Array:
    return values.astype(np.float32)[:, None, None]


def _refuse(bands: tuple[str, ...], fault: str) -> None:
    if bands:
        raise SchemaError(
            f"Bands {fault}.",
            field="bands",
            got=", ".join(bands),
            expected="values that vary",
            fix="leave this tile out, or take the band from another source",
        )
