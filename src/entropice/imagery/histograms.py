"""How often each value of a band occurs in many tiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics, by_band
from entropice.types import DataFrame, FloatArray, IntArray

N_BINS: Final = 256
REACH_SD: Final = 6.0
"""Bins reach as many standard deviations to either side of the mean: each is 0.05 of them wide."""

TABLE_COLUMNS: Final = ("band", "lower", "upper", "n_pixels")


@dataclass(frozen=True, eq=False)
class BandHistograms:
    """Counts of valid pixels.

    Attributes
    ----------
    bands
        Names, in the order of the arrays.
    edges
        Of bins of equal width, rising; float64 (band, bin + 1), in the bands' units.
    n_pixels
        int64 (band, bin); the outermost bins hold all that lies beyond them, too.
    """

    bands: tuple[str, ...]
    edges: FloatArray
    n_pixels: IntArray


def edges_of(statistics: BandStatistics) -> FloatArray:
    """Edges of bins that fit what statistics say, float64 (band, bin + 1): 256 from μ − 6 σ to μ + 6 σ.

    Examples
    --------
    >>> edges = edges_of(BandStatistics(("red",), 1, np.array([9]), np.array([10.0]), np.array([2.0])))
    >>> edges.shape, edges[0, 0].tolist(), edges[0, -1].tolist()
    ((1, 257), -2.0, 22.0)
    """
    steps = np.linspace(-REACH_SD, REACH_SD, N_BINS + 1)
    edges: FloatArray = statistics.mean[:, None] + statistics.std[:, None] * steps
    return edges


def band_histograms(images: Iterable[Image], bands: tuple[str, ...], edges: FloatArray) -> BandHistograms:
    """Histograms of the valid pixels of images with these bands, whose order is of no account.

    Edges are (n_band, n_bin + 1), rising; counts (n_band, n_bin).

    Without an image all counts are 0.

    Raises
    ------
    SchemaError
        An image has other bands.

    Examples
    --------
    >>> values = np.full((1, 1, 2), 0.5, np.float32)
    >>> images = [Image(("red",), each, np.ones((1, 1, 2), bool)) for each in (values, values + 1)]
    >>> band_histograms(images, ("red",), np.array([[0.0, 1.0, 2.0]])).n_pixels.tolist()
    [[2, 2]]
    """
    nothing = BandHistograms(bands, edges, np.zeros((len(bands), edges.shape[1] - 1), dtype=np.int64))
    return reduce(merged_histograms, (image_histograms(image, edges) for image in images), nothing)


def image_histograms(image: Image, edges: FloatArray) -> BandHistograms:
    """Histograms of one image's valid pixels by edges (n_band, n_bin + 1), of all leading dimensions together.

    A value at an edge counts in the bin above it; what lies beyond the edges counts in the outermost bins.

    Examples
    --------
    >>> values = np.array([[[-5.0, 0.5, 1.0, 9.0]]], np.float32)
    >>> image = Image(("red",), values, values < 9)
    >>> image_histograms(image, np.array([[0.0, 1.0, 2.0]])).n_pixels.tolist()
    [[2, 1]]
    """
    parts = zip(*by_band(image), edges, strict=True)
    counts = [_counts(values[valid], band_edges) for values, valid, band_edges in parts]
    return BandHistograms(image.bands, edges, np.stack(counts))


def merged_histograms(first: BandHistograms, second: BandHistograms) -> BandHistograms:
    """Histograms of the pixels of both.

    Raises
    ------
    SchemaError
        They have other bands or bins.
    """
    require_same_bins(first, second)
    return BandHistograms(first.bands, first.edges, first.n_pixels + second.n_pixels)


def require_same_bins(first: BandHistograms, second: BandHistograms) -> None:
    """Pass only two histograms that count the same bands, in the same order, in the same bins.

    Raises
    ------
    SchemaError
        Bands or edges differ.
    """
    if first.bands != second.bands or not np.array_equal(first.edges, second.edges):
        raise SchemaError(
            "Histograms of different bands or bins cannot be held against each other.",
            field="bands, edges",
            got=f"{', '.join(second.bands)}, {second.edges.shape[1] - 1} bins",
            expected=f"{', '.join(first.bands)}, {first.edges.shape[1] - 1} bins with the same edges",
            fix="count both with the edges of the training statistics",
        )


def require_counted(histograms: BandHistograms) -> None:
    """Pass only histograms in which a pixel of every band was counted.

    Raises
    ------
    SchemaError
        A band has none.
    """
    is_empty = histograms.n_pixels.sum(axis=1) == 0
    if is_empty.any():
        raise SchemaError(
            "Histograms of bands without a counted pixel say nothing.",
            field="n_pixels",
            got=", ".join(band for band, empty in zip(histograms.bands, is_empty, strict=True) if empty),
            expected="some valid pixels of every band",
            fix="count more tiles, or leave these bands out",
        )


def to_table(histograms: BandHistograms) -> DataFrame:
    """``band lower upper n_pixels``, a row for each bin, from which `from_table` makes equal histograms.

    Band by band, bins rising; ``lower`` and ``upper`` are a bin's edges in the band's unit.
    """
    n_bins = histograms.n_pixels.shape[1]
    columns = (
        np.repeat(histograms.bands, n_bins),
        histograms.edges[:, :-1].ravel(),
        histograms.edges[:, 1:].ravel(),
        histograms.n_pixels.ravel(),
    )
    return pd.DataFrame(dict(zip(TABLE_COLUMNS, columns, strict=True)))


def from_table(table: DataFrame, bands: tuple[str, ...]) -> BandHistograms:
    """Histograms of the bands of images, from what `to_table` gave.

    Parameters
    ----------
    table
        ``band lower upper n_pixels``, in the order of `to_table`, equally many bins for each band.
    bands
        What it must be of, in their order.

    Raises
    ------
    SchemaError
        Columns are missing, or the bands are others.

    Examples
    --------
    >>> histograms = BandHistograms(("red",), np.array([[0.0, 1.0, 2.0]]), np.array([[3, 4]]))
    >>> again = from_table(to_table(histograms), ("red",))
    >>> again.edges.tolist(), again.n_pixels.tolist()
    ([[0.0, 1.0, 2.0]], [[3, 4]])
    """
    found = tuple(table["band"].unique()) if set(TABLE_COLUMNS) <= set(table.columns) else ()
    if found != bands:
        raise SchemaError(
            "The histograms are not those of these bands.",
            field="band",
            got=", ".join(found) or f"columns {', '.join(map(str, table.columns))}",
            expected=", ".join(bands),
            fix="count the histograms of this dataset again",
        )
    lower, upper, n_pixels = (table[name].to_numpy().reshape(len(bands), -1) for name in TABLE_COLUMNS[1:])
    return BandHistograms(bands, np.concatenate([lower, upper[:, -1:]], axis=1), n_pixels.astype(np.int64))


def _counts(values: FloatArray, edges: FloatArray) -> IntArray:
    limits = (float(edges[0]), float(edges[-1]))
    counts: IntArray = np.histogram(np.clip(values, *limits), bins=len(edges) - 1, range=limits)[0].astype(np.int64)
    return counts
