"""An image in colours that a person can look at."""

from typing import Final

import numpy as np

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image
from entropice.types import Float32Array

STRETCHED: Final = (2.0, 98.0)
"""Percentiles of all known values that become black and white."""


def true_colours(image: Image) -> Float32Array:
    """Red, green and blue of an image, from 0 to 1 (row, column, 3); grey of its first band where it lacks one of them.

    Pixels that are not valid in all shown bands are NaN.
    """
    shown = RGB if set(RGB) <= set(image.bands) else image.bands[:1] * len(RGB)
    places = [image.bands.index(band) for band in shown]
    values = np.where(image.valid[places].all(axis=0), image.values[places], np.float32(np.nan))
    known = values[np.isfinite(values)]
    if not known.size:
        return np.full((*values.shape[1:], len(RGB)), np.nan, dtype=np.float32)
    low, high = np.percentile(known, STRETCHED)
    stretched: Float32Array = np.clip((values - low) / max(high - low, np.finfo(np.float32).eps), 0, 1)
    return np.moveaxis(stretched, 0, -1).astype(np.float32)
