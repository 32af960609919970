"""Images as networks take them."""

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics
from entropice.types import Float32Array


def normalised(image: Image, statistics: BandStatistics) -> Float32Array:
    """(x − mean) / standard deviation of every band, float32 of the image's shape; 0, the mean, where not valid.

    Raises
    ------
    SchemaError
        Bands are others than those that were measured, or a band has no valid pixel in the whole image.
    """
    if image.bands != statistics.bands:
        raise SchemaError(
            "The image has other bands than those that were measured.",
            field="bands",
            got=", ".join(image.bands),
            expected=", ".join(statistics.bands),
        )
    axes = tuple(axis for axis in range(image.values.ndim) if axis != image.values.ndim - 3)
    is_there = np.asarray(image.valid.any(axis=axes))
    missing = [name for name, there in zip(image.bands, is_there, strict=True) if not there]
    if missing:
        raise SchemaError(
            f"The band {missing[0]} is missing in the whole image; a missing band is never zero.",
            field=missing[0],
            got="no valid pixel",
            expected="valid pixels of every band",
            fix="leave the tile out, or the band",
        )
    mean, std = (values.astype(np.float32)[:, None, None] for values in (statistics.mean, statistics.std))
    standardised: Float32Array = np.where(image.valid, (image.values - mean) / std, np.float32(0))
    return standardised
