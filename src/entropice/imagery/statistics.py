"""Mean and standard deviation of each band over the valid pixels of many tiles, in one pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.samples import Image, Samples
from entropice.imagery.uniform_hash import uniform_of
from entropice.progress import progress
from entropice.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class BandStatistics:
    """What the bands of a dataset's tiles are like.

    Attributes
    ----------
    bands
        Names, in the order of the arrays.
    n_tiles
        Tiles that were looked at.
    n_pixels
        Their valid pixels; int64 (band,).
    mean, std
        Of the valid pixels; float64 (band,), in the bands' units, NaN where there is none. The standard deviation is
        that of a population: its divisor is the number of pixels.
    """

    bands: tuple[str, ...]
    n_tiles: int
    n_pixels: IntArray
    mean: FloatArray
    std: FloatArray


def band_statistics(samples: Samples, keys: Iterable[str], share: float, seed: int) -> BandStatistics:
    """Statistics of the tiles whose hash of seed and key is below a share; of all where it is 1.

    The hash is ``uniform_of(seed, "statistics", key)`` of `entropice.imagery.uniform_hash`.

    Parameters
    ----------
    keys
        The training tiles: statistics that saw a test tile would tell of it.
    share
        Expected share of the tiles that is read, in (0, 1].

    Raises
    ------
    SchemaError
        No tile was drawn, or a band of those that were drawn has no valid pixel or one value only.

    Notes
    -----
    Which tiles are drawn depends on no other tile. Tiles are merged one by one with the update of Chan, Golub and
    LeVeque (1983, doi:10.1080/00031305.1983.10483115), so that the order of tiles changes no more than rounding.

    Each drawn tile is read once; a bar is shown on a terminal.
    """
    drawn = [key for key in keys if uniform_of(seed, "statistics", key) < share]
    tiles = (image_statistics(samples.read(key).image) for key in progress(drawn, "statistics of bands"))
    statistics = reduce(merged, tiles, _nothing(samples.bands))
    require_usable(statistics)
    return statistics


def image_statistics(image: Image) -> BandStatistics:
    """Statistics of one image's valid pixels, of all leading dimensions together.

    ``n_tiles`` is 1; mean and standard deviation of a band without a valid pixel are NaN.

    Examples
    --------
    >>> image = Image(("red",), np.array([[[1.0, 3.0, 99.0]]], np.float32), np.array([[[True, True, False]]]))
    >>> statistics = image_statistics(image)
    >>> statistics.n_pixels.tolist(), statistics.mean.tolist(), statistics.std.tolist()
    ([2], [2.0], [1.0])
    """
    values, valid = by_band(image)
    n_pixels = valid.sum(axis=1)
    known = np.where(valid, values, 0.0)
    divisor = np.where(n_pixels > 0, n_pixels, np.nan)
    mean = known.sum(axis=1) / divisor
    # Two passes: the mean of squares less the square of the mean loses the spread of a band far from 0.
    deviations = np.where(valid, known - mean[:, None], 0.0)
    return BandStatistics(image.bands, 1, n_pixels, mean, np.sqrt((deviations**2).sum(axis=1) / divisor))


def merged(first: BandStatistics, second: BandStatistics) -> BandStatistics:
    """Statistics of the tiles of both.

    Raises
    ------
    SchemaError
        Their bands are not the same.

    Notes
    -----
    With n = n₁ + n₂ and δ = μ₂ − μ₁ the mean is μ₁ + δ n₂/n and the sum of squares M₁ + M₂ + δ² n₁n₂/n.

    Examples
    --------
    >>> pixels = (np.array([[[1.0, 3.0]]], np.float32), np.array([[[5.0, 7.0]]], np.float32))
    >>> both = merged(*(image_statistics(Image(("red",), each, np.ones((1, 1, 2), bool))) for each in pixels))
    >>> both.n_tiles, both.mean.tolist(), (both.std**2).round(6).tolist()
    (2, [4.0], [5.0])
    """
    if first.bands != second.bands:
        raise SchemaError(
            "Statistics of different bands cannot be merged.", field="bands", got=second.bands, expected=first.bands
        )
    n_pixels = first.n_pixels + second.n_pixels
    divisor = np.where(n_pixels > 0, n_pixels, np.nan)
    difference = _known(second, second.mean) - _known(first, first.mean)
    weight = second.n_pixels / divisor
    mean = _known(first, first.mean) + difference * weight
    squares = _squares(first) + _squares(second) + difference**2 * first.n_pixels * weight
    return BandStatistics(first.bands, first.n_tiles + second.n_tiles, n_pixels, mean, np.sqrt(squares / divisor))


def by_band(image: Image) -> tuple[FloatArray, BoolArray]:
    """Values, float64, and validity of shape (band, pixel): pixels of all leading dimensions, one after another.

    Examples
    --------
    >>> values = np.arange(8, dtype=np.float32).reshape(2, 2, 1, 2)
    >>> by_band(Image(("red", "nir"), values, values > 0))[0].tolist()
    [[0.0, 1.0, 4.0, 5.0], [2.0, 3.0, 6.0, 7.0]]
    """
    rows = (len(image.bands), -1)
    values = np.moveaxis(image.values, -3, 0).reshape(rows).astype(np.float64)
    return values, np.moveaxis(image.valid, -3, 0).reshape(rows)


def require_usable(statistics: BandStatistics) -> None:
    """Pass only statistics of which every band has a finite mean and a standard deviation above 0.

    Raises
    ------
    SchemaError
        A band has not.
    """
    is_usable = np.isfinite(statistics.mean) & np.isfinite(statistics.std) & (statistics.std > 0)
    if not is_usable.all():
        wrong = [band for band, usable in zip(statistics.bands, is_usable, strict=True) if not usable]
        raise SchemaError(
            "Bands cannot be standardised: they have no valid pixel, or the same value everywhere.",
            field="std",
            got=f"{', '.join(wrong)} in {statistics.n_tiles} tiles",
            expected="every band known, and varying",
            fix="leave these bands out, or draw more tiles for the statistics",
        )


def places_of_bands(statistics: BandStatistics, bands: Sequence[str]) -> list[int]:
    """Positions of some bands among those of statistics, from 0 on, in the order in which they are asked for.

    Raises
    ------
    SchemaError
        The statistics lack one.

    Examples
    --------
    >>> moments = np.array([9, 8]), np.array([0.25, 0.5]), np.array([1.0, 2.0])
    >>> places_of_bands(BandStatistics(("red", "nir"), 1, *moments), ("nir", "red"))
    [1, 0]
    """
    lacking = [band for band in bands if band not in statistics.bands]
    if lacking:
        raise SchemaError(
            f"The statistics are of other bands: {', '.join(lacking)} is not among them.",
            field="bands",
            got=", ".join(statistics.bands) or "none",
            expected=", ".join(bands),
            fix="measure the bands that are forecast, or forecast some that are measured",
        )
    return [statistics.bands.index(band) for band in bands]


def _nothing(bands: tuple[str, ...]) -> BandStatistics:
    nan = np.full(len(bands), np.nan)
    return BandStatistics(bands, 0, np.zeros(len(bands), dtype=np.int64), nan, nan)


def _known(statistics: BandStatistics, values: FloatArray) -> FloatArray:
    """Values with 0 for bands without a pixel."""
    return np.where(statistics.n_pixels > 0, values, 0.0)


def _squares(statistics: BandStatistics) -> FloatArray:
    """Sum of squared deviations from the mean."""
    return _known(statistics, statistics.std**2 * statistics.n_pixels)
