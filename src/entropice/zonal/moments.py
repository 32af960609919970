"""Count, mean, spread and range of a raster band inside cells: one pass over the pixels, mergeable over tiles."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.types import FloatArray, IntArray
from entropice.zonal.coverage import Coverage, require_strip, require_tile
from entropice.zonal.summing import Totals, add_cells

FloatBand = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Weighted moments and range of one band in every cell; float64, shape (n_cells,) each.

    A pixel weighs the share of it that the cell covers, so the count is in pixels. Where the count is 0 the stored
    mean is 0 and the range is empty (inf, −inf); the properties say NaN there.

    Attributes
    ----------
    count
        Sum of the weights w, in pixels.
    mean
        ``Σ w x / Σ w``, in the band's unit.
    squared_deviations
        ``Σ w (x − mean)²``, in the square of the band's unit; not divided.
    minimum, maximum
        Of the pixels covered, however little.
    """

    count: FloatArray
    mean: FloatArray
    squared_deviations: FloatArray
    minimum: FloatArray
    maximum: FloatArray

    @classmethod
    def empty(cls, n_cells: int) -> "Moments":
        """The neutral element of `merged`, shape (n_cells,) each: nothing seen yet.

        Count, mean and squared deviations 0, minimum infinite, maximum its negative.
        """
        count, mean, squared_deviations = np.zeros((3, n_cells))
        return cls(count, mean, squared_deviations, np.full(n_cells, np.inf), np.full(n_cells, -np.inf))

    @property
    def arrays(self) -> Totals:
        """Count, mean, squared deviations, minimum and maximum as stored, shape (n_cells,) each; not copied."""
        return self.count, self.mean, self.squared_deviations, self.minimum, self.maximum

    @property
    def means(self) -> FloatArray:
        """The mean ``Σ w x / Σ w``, shape (n_cells,), in the band's unit; NaN where no pixel was seen.

        A pixel's weight w is the share of it that the cell covers.
        """
        return self._where_seen(self.mean)

    @property
    def standard_deviations(self) -> FloatArray:
        """The population standard deviation ``√(Σ w (x − mean)² / Σ w)``, shape (n_cells,); NaN without a pixel.

        In the band's unit; a pixel's weight w is the share of it that the cell covers.
        """
        return np.sqrt(np.maximum(_ratio(self.squared_deviations, self.count, where_empty=np.nan), 0.0))

    @property
    def minima(self) -> FloatArray:
        """The lowest value of any pixel covered, in the band's unit, shape (n_cells,); NaN where no pixel was seen.

        A pixel counts however little of it the cell covers.
        """
        return self._where_seen(self.minimum)

    @property
    def maxima(self) -> FloatArray:
        """The highest value of any pixel covered, in the band's unit, shape (n_cells,); NaN where no pixel was seen.

        A pixel counts however little of it the cell covers.
        """
        return self._where_seen(self.maximum)

    def merged(self, other: "Moments") -> "Moments":
        """The moments of both samples together; associative and commutative up to rounding.

        Notes
        -----
        With counts n, means m and squared deviations S: ``m = m₁ + (m₂ − m₁) n₂ / (n₁ + n₂)`` and
        ``S = S₁ + S₂ + (m₂ − m₁)² n₁ n₂ / (n₁ + n₂)``. Chan, Golub and LeVeque (1983), The American Statistician
        37:242, doi:10.1080/00031305.1983.10483115.

        Examples
        --------
        The values 1, 3 and the value 5: mean 3, squared deviations 4 + 0 + 4.

        >>> import numpy as np
        >>> first = Moments(*(np.array([number]) for number in (2.0, 2.0, 2.0, 1.0, 3.0)))
        >>> second = Moments(*(np.array([number]) for number in (1.0, 5.0, 0.0, 5.0, 5.0)))
        >>> [values.item() for values in first.merged(second).arrays]
        [3.0, 3.0, 8.0, 1.0, 5.0]
        """
        # Sums of squares would do the same in two lines, and lose the spread of a band whose mean is far from 0.
        count = self.count + other.count
        share = _ratio(other.count, count, where_empty=0.0)
        difference = other.mean - self.mean
        return Moments(
            count,
            self.mean + difference * share,
            self.squared_deviations + other.squared_deviations + difference**2 * self.count * share,
            np.minimum(self.minimum, other.minimum),
            np.maximum(self.maximum, other.maximum),
        )

    def add(self, rows: IntArray, part: "Moments") -> None:
        """Merge `part` into some cells, in place: a total over many tiles is never copied.

        `rows` (n_part,) are their positions, none twice; `part` has shape (n_part,), in their order.

        Examples
        --------
        Of three cells, the last gets two pixels of value 7.

        >>> import numpy as np
        >>> total = Moments.empty(3)
        >>> total.add(np.array([2]), Moments(*(np.array([number]) for number in (2.0, 7.0, 0.0, 7.0, 7.0))))
        >>> total.count.tolist(), total.means.tolist()
        ([0.0, 0.0, 2.0], [nan, nan, 7.0])
        """
        merged = Moments(*(values[rows] for values in self.arrays)).merged(part)
        for total, values in zip(self.arrays, merged.arrays, strict=True):
            total[rows] = values

    def _where_seen(self, values: FloatArray) -> FloatArray:
        return np.where(self.count > 0, values, np.nan)


def cell_moments(coverage: Coverage, band: FloatBand, nodata: float | None = None) -> Moments:
    """Reduce a band over all cells of a tile.

    Parameters
    ----------
    coverage
        Weights of the cells on this tile.
    band
        float32 or float64 of the tile's shape. NaN, and `nodata` where given, have no weight; any other infinite value
        makes mean and spread of its cells infinite or NaN.
    nodata
        A value that says "unknown".

    Returns
    -------
    Moments
        Of each cell, float64, shape (n_cells,) each.

    Raises
    ------
    SchemaError
        Another dtype or shape.

    Examples
    --------
    Weights 0.5, 1 and 0.5: the mean is (0.5 · 1 + 2 + 0.5 · 4) / 2. A NaN leaves its weight to the others.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> cells = np.array([box(0.5, 0.0, 2.5, 1.0)], dtype=object)
    >>> coverage = cell_coverage(cells, Affine(1, 0, 0, 0, -1, 1), (1, 3))
    >>> found = cell_moments(coverage, np.array([[1.0, 2.0, 4.0]]))
    >>> found.count.tolist(), found.means.tolist(), found.maxima.tolist()
    ([2.0], [2.25], [4.0])
    >>> cell_moments(coverage, np.array([[np.nan, 2.0, 5.0]])).means.tolist()
    [3.0]
    """
    require_tile(band.shape, coverage.shape)
    total = Moments.empty(coverage.n_cells)
    add_strip(total, coverage, band, 0, nodata)
    return total


def add_strip(
    total: Moments, coverage: Coverage, strip: FloatBand, first_row: int, nodata: float | None = None
) -> None:
    """Add some rows of a band to the moments of all cells, in place; every row once makes `cell_moments`.

    `total` holds the moments (n_cells,) and `coverage` the weights of the cells on the tile; `strip`, float32 or
    float64 of shape (n_rows, columns), holds the tile's rows from `first_row` on. NaN, and `nodata` where given, have
    no weight.

    Raises
    ------
    SchemaError
        Another dtype, or a strip that is not whole rows of the tile.

    Examples
    --------
    Two rows of one pixel each, the lower first: the same as both at once.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> coverage = cell_coverage(np.array([box(0, 0, 1, 2)], dtype=object), Affine(1, 0, 0, 0, -1, 2), (2, 1))
    >>> total = Moments.empty(1)
    >>> add_strip(total, coverage, np.array([[3.0]]), first_row=1)
    >>> add_strip(total, coverage, np.array([[1.0]]), first_row=0)
    >>> total.count.tolist(), total.means.tolist(), total.standard_deviations.tolist()
    ([2.0], [2.0], [1.0])
    """
    # Loops compare integers: minima of floats would have to look out for NaN and could not run in vector registers.
    require_float(strip)
    require_strip(strip.shape, first_row, coverage.shape)
    values: NDArray[Any] = np.ascontiguousarray(strip)
    integer: type[np.int32] | type[np.int64] = np.int32 if values.dtype == np.float32 else np.int64
    limits = np.array([np.iinfo(integer).min, np.iinfo(integer).max], dtype=integer)
    unknown = values.dtype.type(np.nan if nodata is None else nodata)
    add_cells(total.arrays, coverage, values, values.view(integer), first_row, unknown, limits)


def require_float(band: NDArray[np.generic]) -> None:
    """Refuse a band, of any shape, that is not float32 or float64 in this machine's byte order.

    Raises
    ------
    SchemaError
        Another dtype.
    """
    if band.dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise SchemaError(
            "This band's numbers are no floating-point numbers.",
            field="dtype",
            got=band.dtype,
            expected="float32 or float64",
            fix="convert other integers with astype(np.float32); bands of one byte go to cell_histograms",
        )


def _ratio(numerator: FloatArray, denominator: FloatArray, where_empty: float) -> FloatArray:
    return np.divide(numerator, denominator, out=np.full_like(denominator, where_empty), where=denominator > 0)
