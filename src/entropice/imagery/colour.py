"""Brightness, contrast and saturation of red, green and blue."""

from typing import Final

import numpy as np

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.bands import band_named
from entropice.imagery.samples import Image
from entropice.types import BoolArray, Float32Array

LUMA: Final = {"red": 0.299, "green": 0.587, "blue": 0.114}
"""Weights of grey (ITU-R BT.601)."""

_DIMENSIONS: Final = 3
"""Of one image: band, row and column."""


def coloured(image: Image, rules: AugmentationRules, random: np.random.Generator) -> Image:
    """The image with red, green and blue changed by drawn factors, within what these bands can be.

    Parameters
    ----------
    image
        (…, band, row, column); it stays as it is. Other bands, validity, and what is not valid do not change.
    random
        Six numbers are drawn for each image.

    Returns
    -------
    Image
        The very image where nothing was drawn, or none of the three is there and valid.

    Notes
    -----
    Values x are reflectances, so that brightness f gives f x; contrast moves x to m + f (x − m), m the mean grey of
    the image; saturation to g + f (x − g), g the grey of the pixel. Each is drawn at ``colour_probability``, and they
    follow one another in this order. Grey is the weighted mean of those of the three bands that are valid, red 0.299,
    green 0.587, blue 0.114; m is over the pixels that have one. Factors are uniform in 1 ± the largest change. Each
    image of several is changed by factors of its own, because no two were taken in the same light: a change between
    them is not one of brightness.

    Examples
    --------
    Brightness alone multiplies all values by one factor, from 0.5 to 1.5:

    >>> off = {**dict.fromkeys(AugmentationRules.model_fields, 0.0), "elastic_sigma_px": 1.0}
    >>> rules = AugmentationRules(**{**off, "colour_probability": 1.0, "max_brightness": 0.5})
    >>> values = np.array([[[0.1]], [[0.2]], [[0.4]]], np.float32)
    >>> image = Image(("red", "green", "blue"), values, np.ones(values.shape, bool))
    >>> factors = coloured(image, rules, np.random.default_rng(0)).values / values
    >>> bool(np.allclose(factors, factors[0])), bool(0.5 <= factors[0] <= 1.5), bool(factors[0] != 1)
    (True, True, True)
    """
    if image.values.ndim > _DIMENSIONS:
        parts = zip(image.values, image.valid, strict=True)
        each = [coloured(Image(image.bands, *part), rules, random).values for part in parts]
        return Image(image.bands, np.stack(each), image.valid)
    drawn = random.uniform(size=3) < rules.colour_probability
    largest = np.array([rules.max_brightness, rules.max_contrast, rules.max_saturation])
    factors = np.where(drawn, 1 + random.uniform(-largest, largest), 1.0).astype(np.float32)
    bands = [band for band in image.bands if band in LUMA]
    positions = [image.bands.index(band) for band in bands]
    valid = image.valid[..., positions, :, :]
    if not drawn.any() or not valid.any():
        return image
    weights = np.array([LUMA[band] for band in bands], dtype=np.float32)[:, None, None]
    changed = _changed(image.values[..., positions, :, :], valid, weights, factors)
    lows, highs = (np.array([getattr(band_named(band), end) for band in bands]) for end in ("low", "high"))
    within = np.clip(changed, lows[:, None, None], highs[:, None, None])
    values = image.values.copy()
    values[..., positions, :, :] = np.where(valid, within, 0.0)
    return Image(image.bands, values, image.valid)


def _changed(values: Float32Array, valid: BoolArray, weights: Float32Array, factors: Float32Array) -> Float32Array:
    brightness, contrast, saturation = factors
    bright = values * brightness
    mean = _grey(bright, valid, weights).mean(where=valid.any(axis=-3, keepdims=True))
    contrasted = mean + contrast * (bright - mean)
    grey = _grey(contrasted, valid, weights)
    changed: Float32Array = grey + saturation * (contrasted - grey)
    return changed


def _grey(values: Float32Array, valid: BoolArray, weights: Float32Array) -> Float32Array:
    """Weighted mean of the valid bands, 0 where there is none; band dimension of length 1."""
    known = weights * valid
    total = known.sum(axis=-3, keepdims=True)
    weighted: Float32Array = (known * values).sum(axis=-3, keepdims=True)
    grey: Float32Array = np.divide(weighted, total, out=np.zeros_like(weighted), where=total > 0)
    return grey
