"""Bands of one byte inside cells: how much of a cell has each of the 256 values; everything else follows from that."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.types import FloatArray, IntArray
from entropice.zonal.compiled import compiled
from entropice.zonal.coverage import Coverage, ask_ahead, borders_in_rows, require_strip, require_tile, runs_in_rows
from entropice.zonal.moments import Moments
from entropice.zonal.quantiles import quantiles_of_distinct, require_probabilities
from entropice.zonal.summing import Totals

N_VALUES: Final = 256
LANES: Final = 8
"""Neighbouring pixels are counted in separate tables, so that equal ones need not wait for each other."""

ByteBand = NDArray[np.int8] | NDArray[np.uint8]


class Histograms(NamedTuple):
    """Weighted histogram of one band in every cell.

    Attributes
    ----------
    weights
        Sum of the covered shares of the pixels of each value, float64, shape (n_cells, 256).
    lowest
        The value of the first column: −128 for int8, 0 for uint8.
    """

    weights: FloatArray
    lowest: int

    @classmethod
    def empty(cls, n_cells: int, dtype: "np.dtype[np.int8 | np.uint8]") -> "Histograms":
        """The neutral element of `merged`, weights (n_cells, 256) of 0: nothing seen yet.

        `dtype` is that of the bands to come, int8 or uint8.
        """
        return cls(np.zeros((n_cells, N_VALUES)), int(np.iinfo(dtype).min))

    def merged(self, other: "Histograms") -> "Histograms":
        """The histograms of both samples together, a new one (n_cells, 256): weights add up, cell by cell.

        Both are of the same cells and of one dtype, which is not checked.

        Examples
        --------
        >>> import numpy as np
        >>> once = Histograms.empty(1, np.dtype(np.int8))
        >>> once.weights[0, 127] = 0.5
        >>> twice = once.merged(once)
        >>> twice.weights.sum().item(), twice.moments().means.tolist()
        (1.0, [-1.0])
        """
        return Histograms(self.weights + other.weights, self.lowest)

    def add(self, rows: IntArray, part: "Histograms") -> None:
        """Merge `part` into some cells, in place; `rows` (n_part,) are their positions, none twice.

        `part` holds one row of weights for each of these, and is of the same dtype of bands, which is not checked.

        Examples
        --------
        Of three cells, the last gets two pixels of value 7.

        >>> import numpy as np
        >>> total, part = (Histograms.empty(n_cells, np.dtype(np.uint8)) for n_cells in (3, 1))
        >>> part.weights[0, 7] = 2.0
        >>> total.add(np.array([2]), part)
        >>> total.weights[:, 7].tolist()
        [0.0, 0.0, 2.0]
        """
        self.weights[rows] += part.weights

    def moments(self) -> Moments:
        """Count, mean, spread and range, shape (n_cells,) each, exact but for the rounding of sums of 256 numbers.

        Values are `lowest` to `lowest` + 255; the range is over those of positive weight. Without weight it is infinite
        to minus infinite, and the rest 0, as in `Moments.empty`.

        Examples
        --------
        Value 2 of weight 1 and 6 of weight 3: mean 5, squared deviations 9 + 3 · 1. A cell without weight has no mean.

        >>> import numpy as np
        >>> counted = Histograms.empty(2, np.dtype(np.uint8))
        >>> counted.weights[0, [2, 6]] = 1.0, 3.0
        >>> moments = counted.moments()
        >>> moments.count.tolist(), moments.means.tolist(), moments.squared_deviations.tolist()
        ([4.0, 0.0], [5.0, nan], [12.0, 0.0])
        """
        total = Moments.empty(len(self.weights))
        _add_moments(total.arrays, self.weights, self.lowest)
        return total

    def quantiles(self, probabilities: Sequence[float]) -> FloatArray:
        """Quantiles as `entropice.zonal.quantiles.cell_quantiles` defines them, exact; NaN where a cell is empty.

        Float64, shape (n_cells, n_probabilities), in the order of the probabilities.

        Raises
        ------
        SchemaError
            A probability outside [0, 1].

        Examples
        --------
        Values 2 and 6, of whatever weights, are the ends of a line.

        >>> import numpy as np
        >>> counted = Histograms.empty(2, np.dtype(np.uint8))
        >>> counted.weights[0, [2, 6]] = 1.0, 3.0
        >>> counted.quantiles([0.0, 0.25, 1.0]).tolist()
        [[2.0, 3.0, 6.0], [nan, nan, nan]]
        """
        return _quantiles(self.weights, self.lowest, require_probabilities(probabilities))


def cell_histograms(coverage: Coverage, band: ByteBand, nodata: float | None = None) -> Histograms:
    """Count the values of a band in all cells of a tile.

    Parameters
    ----------
    coverage
        Weights of the cells on this tile.
    band
        int8 or uint8 of the tile's shape.
    nodata
        A value without weight.

    Returns
    -------
    Histograms
        Of each cell, weights float64 of shape (n_cells, 256), in pixels; all 0 for a cell without a known pixel.

    Raises
    ------
    SchemaError
        Another shape, or else another dtype, or a `nodata` that no byte of this dtype can be.

    Examples
    --------
    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> cells = np.array([box(0.5, 0.0, 2.5, 1.0)], dtype=object)
    >>> coverage = cell_coverage(cells, Affine(1, 0, 0, 0, -1, 1), (1, 3))
    >>> found = cell_histograms(coverage, np.array([[7, 9, 7]], dtype=np.uint8))
    >>> found.weights[0, [7, 8, 9]].tolist()
    [1.0, 0.0, 1.0]
    >>> found.moments().means.tolist(), found.quantiles([0.0, 1.0]).tolist()
    ([8.0], [[7.0, 9.0]])
    """
    require_tile(band.shape, coverage.shape)
    _require_bytes(band)
    total = Histograms.empty(coverage.n_cells, band.dtype)
    add_strip(total, coverage, band, 0, nodata)
    return total


def add_strip(
    total: Histograms, coverage: Coverage, strip: ByteBand, first_row: int, nodata: float | None = None
) -> None:
    """Add some rows of a band to the histograms of all cells, in place; every row once makes `cell_histograms`.

    `total` holds the histograms (n_cells, 256) and `coverage` the weights of the cells on the tile; `strip`, int8 or
    uint8 of shape (n_rows, columns), holds the tile's rows from `first_row` on, and `total` is of that dtype. The
    weight of `nodata`, a value without weight, is 0 in `total` afterwards.

    Raises
    ------
    SchemaError
        Another dtype, a `nodata` that no byte of this dtype can be, or a strip that is not whole rows of the tile.

    Examples
    --------
    Two rows of one pixel each, the lower first.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> coverage = cell_coverage(np.array([box(0, 0, 1, 2)], dtype=object), Affine(1, 0, 0, 0, -1, 2), (2, 1))
    >>> total = Histograms.empty(1, np.dtype(np.uint8))
    >>> add_strip(total, coverage, np.array([[9]], dtype=np.uint8), first_row=1)
    >>> add_strip(total, coverage, np.array([[5]], dtype=np.uint8), first_row=0)
    >>> total.weights[0, [5, 9]].tolist()
    [1.0, 1.0]
    """
    _require_bytes(strip)
    _require_byte(nodata, total.lowest)
    require_strip(strip.shape, first_row, coverage.shape)
    _add_strip(total.weights, coverage, np.ascontiguousarray(strip).view(np.uint8), first_row, -total.lowest)
    # Counted like any value and then forgotten: a test of every pixel would cost more than the counting.
    if nodata is not None:
        total.weights[:, int(nodata) - total.lowest] = 0.0


def _require_bytes(band: NDArray[np.generic]) -> None:
    if band.dtype not in (np.dtype(np.int8), np.dtype(np.uint8)):
        raise SchemaError(
            "This band's numbers are no single bytes.",
            field="dtype",
            got=band.dtype,
            expected="int8 or uint8",
            fix="other bands go to cell_moments and cell_quantiles",
        )


def _require_byte(nodata: float | None, lowest: int) -> None:
    if nodata is not None and nodata - lowest not in range(N_VALUES):
        raise SchemaError(
            "No pixel of this band can have the nodata value.",
            field="nodata",
            got=nodata,
            expected=f"an integer from {lowest} to {lowest + N_VALUES - 1}, or None",
        )


@compiled
def _add_strip(
    weights: FloatArray, coverage: Coverage, strip: NDArray[np.uint8], first_row: int, sign_bit: int
) -> None:
    """Count a strip's bytes, seen as unsigned; value + 128 of a signed one is its byte with the sign bit flipped."""
    for cell in range(weights.shape[0]):
        runs = runs_in_rows(coverage, cell, first_row, first_row + strip.shape[0])
        # Whole pixels are counted in integers, exact and fast; only border pixels carry weights.
        if runs.row.size:
            counts = np.zeros((LANES, N_VALUES), np.uint32)
            for k in range(runs.row.size):
                ask_ahead(strip, runs, k, first_row)
                _count(counts, strip[runs.row[k] - first_row, runs.first[k] : runs.stop[k]])
            for byte in range(N_VALUES):
                weights[cell, byte ^ sign_bit] += counts[:, byte].sum()
        borders = borders_in_rows(coverage, cell, first_row, first_row + strip.shape[0])
        for k in range(borders.row.size):
            byte = strip[borders.row[k] - first_row, borders.column[k]]
            weights[cell, byte ^ sign_bit] += borders.weight[k]


@compiled
def _count(counts: NDArray[np.uint32], run: NDArray[np.uint8]) -> None:
    in_lanes = run.size // LANES * LANES
    for k in range(0, in_lanes, LANES):
        for lane in range(LANES):
            counts[lane, run[k + lane]] += 1
    for k in range(in_lanes, run.size):
        counts[0, run[k]] += 1


@compiled
def _add_moments(totals: Totals, weights: FloatArray, lowest: int) -> None:
    counts, means, squared_deviations, minima, maxima = totals
    for cell in range(weights.shape[0]):
        for column in range(N_VALUES):
            weight, value = weights[cell, column], float(lowest + column)
            if weight > 0.0:
                counts[cell] += weight
                means[cell] += weight * value
                minima[cell] = min(minima[cell], value)
                maxima[cell] = max(maxima[cell], value)
        # Deviations from the mean itself: 256 values are cheap to pass twice, and no large mean eats a small spread.
        if counts[cell] > 0.0:
            means[cell] /= counts[cell]
            deviations = lowest + np.arange(N_VALUES) - means[cell]
            squared_deviations[cell] = (weights[cell] * deviations * deviations).sum()


@compiled
def _quantiles(weights: FloatArray, lowest: int, probabilities: FloatArray) -> FloatArray:
    quantiles = np.empty((weights.shape[0], probabilities.size))
    for cell in range(weights.shape[0]):
        columns = np.flatnonzero(weights[cell])
        values = (lowest + columns).astype(np.float64)
        quantiles[cell] = quantiles_of_distinct(values, weights[cell][columns], probabilities)
    return quantiles
