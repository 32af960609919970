"""Coverage-weighted quantiles of the pixels of cells, exact; mergeable over tiles by keeping the pixels."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from entropice.errors import SchemaError
from entropice.types import FloatArray
from entropice.zonal.compiled import compiled
from entropice.zonal.coverage import Coverage, borders_in_rows, require_tile, runs_in_rows
from entropice.zonal.moments import FloatBand, require_float


class CellPixels(NamedTuple):
    """The known pixels of one cell, in no order.

    Attributes
    ----------
    whole
        Values of the pixels that weigh 1, of the band's dtype, shape (n_whole,).
    partial, weights
        Values and weights of the border pixels, shape (n_partial,) each.
    """

    whole: FloatBand
    partial: FloatBand
    weights: FloatArray

    def merged(self, other: "CellPixels") -> "CellPixels":
        """The pixels of both, of shapes (n_whole,) and (n_partial,): a cell cut by a tile's edge, put together again.

        Examples
        --------
        A pixel that an edge cuts is given twice, with both its shares.

        >>> import numpy as np
        >>> first = CellPixels(np.array([1.0]), np.array([3.0]), np.array([0.25]))
        >>> second = CellPixels(np.array([5.0]), np.array([3.0]), np.array([0.75]))
        >>> both = first.merged(second)
        >>> both.whole.tolist(), both.weights.tolist(), both.quantiles(np.array([0.5])).tolist()
        ([1.0, 5.0], [0.25, 0.75], [3.0])
        """
        return CellPixels(
            np.concatenate([self.whole, other.whole]),
            np.concatenate([self.partial, other.partial]),
            np.concatenate([self.weights, other.weights]),
        )

    def quantiles(self, probabilities: FloatArray) -> FloatArray:
        """Quantiles as `cell_quantiles` defines them, float64, shape (n_probabilities,); NaN where there is no pixel.

        `probabilities` (n_probabilities,), float64, lie in [0, 1] and are not checked.

        Examples
        --------
        Values 1 and 3 of weights 1 and 0.5 are the ends of a line, whatever their weights.

        >>> import numpy as np
        >>> pixels = CellPixels(np.array([1.0]), np.array([3.0]), np.array([0.5]))
        >>> pixels.quantiles(np.array([0.0, 0.5, 1.0])).tolist()
        [1.0, 2.0, 3.0]
        """
        order = np.argsort(self.partial)
        distinct = _distinct(np.sort(self.whole), self.partial[order], self.weights[order])
        return quantiles_of_distinct(*distinct, probabilities)


def cell_pixels(coverage: Coverage, cell: int, band: FloatBand, nodata: float | None = None) -> CellPixels:
    """Gather the known pixels of one cell, whose position is `cell`, from a band (rows, columns).

    `coverage` holds the weights of the cells on the tile, `band` is float32 or float64 of its shape; NaN, and `nodata`
    where given, are left out. Values are copied.

    Raises
    ------
    SchemaError
        Another dtype than float32 or float64, or another shape than the tile's.

    Examples
    --------
    Half of the first pixel and all of two others, of which one is unknown.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> coverage = cell_coverage(np.array([box(0.5, 0, 3, 1)], dtype=object), Affine(1, 0, 0, 0, -1, 1), (1, 3))
    >>> pixels = cell_pixels(coverage, 0, np.array([[4.0, np.nan, 6.0]]))
    >>> pixels.whole.tolist(), pixels.partial.tolist(), pixels.weights.tolist()
    ([6.0], [4.0], [0.5])
    """
    require_float(band)
    require_tile(band.shape, coverage.shape)
    return _gather(coverage, cell, band, band.dtype.type(np.nan if nodata is None else nodata))


def cell_quantiles(
    coverage: Coverage, band: FloatBand, probabilities: Sequence[float], nodata: float | None = None
) -> FloatArray:
    """Quantiles of a band in every cell: those of exactextract, in float64.

    Parameters
    ----------
    coverage
        Weights of the cells on this tile. A cell that reaches into other tiles needs the pixels of all of them: gather
        them with `cell_pixels`, merge, then ask for quantiles. That is exact and keeps the cell's pixels in memory;
        quantiles of parts cannot be merged. Bands of one byte have `Histograms`, exact over any number of tiles.
    band
        float32 or float64 of the tile's shape; NaN, and `nodata` where given, have no weight.
    probabilities
        In [0, 1].
    nodata
        A value that says "unknown".

    Returns
    -------
    FloatArray
        Shape (n_cells, n_probabilities); NaN where a cell has no known pixel.

    Raises
    ------
    SchemaError
        Another dtype or shape, or a probability outside [0, 1].

    Notes
    -----
    Let :math:`v_1 < … < v_m` be the distinct values, :math:`w_k` the sum of the weights of the pixels of value
    :math:`v_k`, and :math:`W = w_1 + … + w_m`. With

    .. math:: s_k = (k - 1) w_k + (m - 1) (w_1 + … + w_{k-1})

    the quantile function passes through the points :math:`(s_k / ((m - 1) W), v_k)` and is linear between them; it is
    :math:`v_1` at 0 and :math:`v_m` at 1. Where all weights are equal and no value repeats this is definition 7 of
    Hyndman and Fan (1996), doi:10.1080/00031305.1996.10473566, numpy's default. Repeated values count once in
    :math:`m` and :math:`k`, with their whole weight. The same definition as in exactextract 0.3.

    Examples
    --------
    Values 1, 2, 4 of weights 0.5, 1, 0.5 lie at s = 0, 2, 4 of (m − 1) W = 4: the median is 2, and a quarter of the way
    lies halfway from 1 to 2.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> cells = np.array([box(0.5, 0.0, 2.5, 1.0)], dtype=object)
    >>> coverage = cell_coverage(cells, Affine(1, 0, 0, 0, -1, 1), (1, 3))
    >>> cell_quantiles(coverage, np.array([[1.0, 2.0, 4.0]]), [0.25, 0.5, 1.0]).tolist()
    [[1.5, 2.0, 4.0]]
    """
    asked = require_probabilities(probabilities)
    pixels = (cell_pixels(coverage, cell, band, nodata) for cell in range(coverage.n_cells))
    return np.array([cell.quantiles(asked) for cell in pixels]).reshape(coverage.n_cells, len(asked))


def require_probabilities(probabilities: Sequence[float]) -> FloatArray:
    """The probabilities as float64 of shape (n_probabilities,), in their order.

    Raises
    ------
    SchemaError
        A probability outside [0, 1], or NaN.
    """
    asked = np.asarray(probabilities, dtype=np.float64)
    wrong = asked[~((asked >= 0) & (asked <= 1))]
    if len(wrong):
        raise SchemaError(
            "A quantile has a probability from 0 to 1.",
            field="probabilities",
            got=f"{len(wrong)} others",
            sample=wrong,
            expected="0 for the minimum, 0.5 for the median, 1 for the maximum",
        )
    return asked


@compiled
def quantiles_of_distinct(values: FloatArray, weights: FloatArray, probabilities: FloatArray) -> FloatArray:
    """Quantiles, as `cell_quantiles` defines them, of distinct values with their weights.

    Parameters
    ----------
    values, weights
        Shape (n,) each: values strictly ascending and without NaN, weights positive.
    probabilities
        In [0, 1], shape (n_probabilities,).

    Returns
    -------
    FloatArray
        Float64, shape (n_probabilities,), in the unit of the values; NaN where n is 0.

    Examples
    --------
    Weights 0.5, 1 and 0.5 put the values at s = 0, 1 · 1 + 2 · 0.5 = 2 and 2 · 0.5 + 2 · 1.5 = 4 of
    (m − 1) W = 4: the quantile of 1/4 is at s = 1, halfway from 1 to 2, that of 3/4 at s = 3, halfway from 2 to 4.

    >>> import numpy as np
    >>> values, weights = np.array([1.0, 2.0, 4.0]), np.array([0.5, 1.0, 0.5])
    >>> quantiles_of_distinct(values, weights, np.array([0.0, 0.25, 0.75, 1.0])).tolist()
    [1.0, 1.5, 3.0, 4.0]
    """
    n = values.size
    quantiles = np.full(probabilities.size, np.nan)
    if n == 0:
        return quantiles
    positions, below = np.empty(n), 0.0
    for k in range(n):
        positions[k] = k * weights[k] + (n - 1) * below
        below += weights[k]
    for i in range(probabilities.size):
        wanted = probabilities[i] * (n - 1) * below
        # Positions rise strictly as weights are positive, so that no interval has length 0. At probability 1 no point
        # lies further right, and the largest value is taken as it is.
        right = np.searchsorted(positions, wanted, side="right")
        quantiles[i] = values[right - 1]
        if right < n:
            share = (wanted - positions[right - 1]) / (positions[right] - positions[right - 1])
            quantiles[i] += share * (np.float64(values[right]) - values[right - 1])
    return quantiles


@compiled
def _distinct(whole: Any, partial: Any, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Merge two ascending lists of values, the first of weight 1, into distinct values with summed weights."""
    values, sums = np.empty(whole.size + partial.size), np.empty(whole.size + partial.size)
    n, i, k = 0, 0, 0
    while i < whole.size or k < partial.size:
        # Whole pixels are most and weigh 1: sorted without their weights, and merged with the few of the border.
        is_whole = k == partial.size or (i < whole.size and whole[i] <= partial[k])
        value, weight = (np.float64(whole[i]), 1.0) if is_whole else (np.float64(partial[k]), weights[k])
        if n > 0 and values[n - 1] == value:
            sums[n - 1] += weight
        else:
            values[n], sums[n] = value, weight
            n += 1
        i, k = (i + 1, k) if is_whole else (i, k + 1)
    return values[:n], sums[:n]


@compiled
def _gather(coverage: Coverage, cell: int, band: Any, unknown: Any) -> CellPixels:
    runs = runs_in_rows(coverage, cell, 0, band.shape[0])
    borders = borders_in_rows(coverage, cell, 0, band.shape[0])
    whole = np.empty((runs.stop - runs.first).sum(), band.dtype)
    n = 0
    for k in range(runs.row.size):
        for column in range(runs.first[k], runs.stop[k]):
            value = band[runs.row[k], column]
            whole[n] = value
            n += (value == value) & (value != unknown)
    partial, weights, m = np.empty(borders.row.size, band.dtype), np.empty(borders.row.size), 0
    for k in range(borders.row.size):
        value = band[borders.row[k], borders.column[k]]
        partial[m], weights[m] = value, borders.weight[k]
        m += (value == value) & (value != unknown)
    return CellPixels(whole[:n], partial[:m], weights[:m])
