"""The normalised difference water index as a rival: open water is green and dark in the near infrared."""

import numpy as np

from entropice.imagery.pixel_models import PixelModel, logistic, own_values
from entropice.imagery.statistics import BandStatistics
from entropice.types import Float32Array


def ndwi(values: Float32Array, statistics: BandStatistics) -> Float32Array:
    """(green − NIR) / (green + NIR) of reflectances, shape (…, row, column); NaN where one is unknown or both are 0.

    Parameters
    ----------
    values
        Standardised (…, band, row, column).
    statistics
        That they were standardised with.

    Notes
    -----
    McFeeters 1996, doi:10.1080/01431169608948714. Reflectances below 0, as noise leaves them, count as 0.
    """
    green, nir = (np.maximum(_physical(values, statistics, band), 0.0) for band in ("green", "nir"))
    total = green + nir
    index: Float32Array = np.divide(green - nir, total, out=np.full_like(total, np.nan), where=total > 0)
    return index


def water_index(statistics: BandStatistics) -> PixelModel:
    """A line through the index of each pixel alone: a threshold on its log-odds is one on the index.

    Where the index is not known it counts as 0, between land and water.
    """
    return PixelModel(
        "ndwi", "Threshold on the NDWI", lambda values: own_values(ndwi(values, statistics)[None]), logistic
    )


def _physical(values: Float32Array, statistics: BandStatistics, band: str) -> Float32Array:
    place = statistics.bands.index(band)
    own = values[..., place, :, :] * np.float32(statistics.std[place]) + np.float32(statistics.mean[place])
    return np.asarray(own, dtype=np.float32)
