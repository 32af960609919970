"""What is usual of a yearly index at a place, and how far each year lies from it.

Usual is the mean of the years that may be learned from; a departure is what a year lies above it, in standard
deviations about the line of least squares through these years. Departures are not taken from the line itself: it is
nearest to the years that it was fitted to, so that a network would learn that years return to it, and later ones
do not.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import xarray as xr

from entropice.types import BoolArray, Dataset, Float32Array, FloatArray, IntArray

LEAST_YEARS: Final = 5
"""Known years without which nothing is usual."""

LEAST_SHARE: Final = 0.25
"""Of the root mean square of all cells' spreads: where thaw is rare, the one year with it departs by no hundreds."""

PARTS: Final = ("level", "slope_per_year", "spread")


@dataclass(frozen=True, eq=False)
class UsualYears:
    """Lines of indices at places.

    Attributes
    ----------
    level, slope_per_year
        float64 (n_index, n_cell): the line in the middle year, and its slope; NaN where nothing is usual.
    spread
        Standard deviation about the line, float64 (n_index, n_cell), but no less than `LEAST_SHARE` (a quarter) of the
        root mean square over cells; 0 of an index that no year departs in, NaN where nothing is usual.
    middle_year
        Of the years that the lines are fitted to.
    """

    level: FloatArray
    slope_per_year: FloatArray
    spread: FloatArray
    middle_year: float

    def line(self, years: IntArray) -> FloatArray:
        """Values (n_year, n_index, n_cell) on the lines, ``level + slope (year − middle year)``, of any years.

        Examples
        --------
        >>> usual = UsualYears(np.array([[10.0]]), np.array([[0.5]]), np.array([[1.0]]), middle_year=2002.5)
        >>> usual.line(np.array([2000, 2010])).ravel().tolist()
        [8.75, 13.75]
        """
        ahead = np.asarray(years, dtype=np.float64)[:, None, None] - self.middle_year
        line: FloatArray = self.level + self.slope_per_year * ahead
        return line

    def departures(self, values: FloatArray) -> Float32Array:
        """Departures of values (…, n_index, n_cell), ``(value − level) / spread``; NaN of what is unknown or not usual.

        0 of an index in which no year departs. Float32, of the shape of the values.

        Examples
        --------
        The slope plays no part. Of the second place nothing is usual.

        >>> usual = UsualYears(np.array([[10.0, np.nan]]), np.array([[0.5, np.nan]]), np.array([[2.0, np.nan]]), 2002.5)
        >>> usual.departures(np.array([[13.0, 13.0]])).tolist()
        [[1.5, nan]]
        """
        from_level = values - self.level
        scaled = np.divide(from_level, self.spread, out=np.zeros_like(from_level), where=self.spread > 0)
        return np.where(np.isnan(from_level), np.nan, scaled).astype(np.float32)

    def values(self, departures: FloatArray | Float32Array) -> FloatArray:
        """Values of departures (…, n_index, n_cell); the inverse of `departures` where years depart.

        ``level + spread · departure``, float64, of the shape of the departures: the level where the spread is 0, NaN
        where nothing is usual.

        Examples
        --------
        >>> usual = UsualYears(np.array([[10.0]]), np.array([[0.5]]), np.array([[2.0]]), middle_year=2002.5)
        >>> usual.values(np.array([[1.5]])).tolist()
        [[13.0]]
        """
        values: FloatArray = self.level + self.spread * departures
        return values

    def to_dataset(self) -> Dataset:
        """As a cube on (index, cell) of ``level``, ``slope_per_year``, ``spread``; ``middle_year`` is an attribute.

        Without coordinates: places along ``index`` and ``cell`` are those of the arrays.
        """
        parts = {name: (("index", "cell"), getattr(self, name)) for name in PARTS}
        return xr.Dataset(parts, attrs={"middle_year": self.middle_year})

    @classmethod
    def from_dataset(cls, cube: Dataset) -> Self:
        """The inverse of `to_dataset`: of a cube with dims (index, cell).

        Examples
        --------
        >>> usual = UsualYears(np.array([[10.0]]), np.array([[0.5]]), np.array([[2.0]]), middle_year=2002.5)
        >>> again = UsualYears.from_dataset(usual.to_dataset())
        >>> again.level.tolist(), again.spread.tolist(), again.middle_year
        ([[10.0]], [[2.0]], 2002.5)
        """
        level, slope, spread = (cube[name].to_numpy() for name in PARTS)
        return cls(level, slope, spread, float(cube.attrs["middle_year"]))


def usual_years(values: FloatArray, years: IntArray, learned: BoolArray) -> UsualYears:
    """Fit lines to the known values of the years that may be learned from.

    Parameters
    ----------
    values
        (n_year, n_index, n_cell); NaN is unknown.
    years
        (n_year,).
    learned
        (n_year,): the years that may be learned from, one or more; others change nothing.

    Returns
    -------
    UsualYears
        Of each index and cell. Nothing is usual (NaN) where fewer than five years are known. The middle year is the
        mean of the learned years, whichever of them are known in a cell. Where
        nothing is usual of an index in any cell numpy warns of an empty mean.

    Notes
    -----
    With x the years from their middle, by least squares over the n known years: slope ``Σ (x − x̄)(v − v̄) / Σ (x −
    x̄)²``, level ``v̄ − slope · x̄``, spread ``√(Σ residual² / (n − 2))``. A spread below a quarter (`LEAST_SHARE`) of the
    root mean square of the spreads of its index, over all cells where something is usual, is raised to that.

    Examples
    --------
    Six years about 10 without a slope: residuals 1, −1, 0, 0, −1, 1, and √(4 / 4) is their spread.

    >>> values = 10 + np.array([1.0, -1.0, 0.0, 0.0, -1.0, 1.0])[:, None, None]
    >>> usual = usual_years(values, np.arange(2000, 2006), np.ones(6, dtype=bool))
    >>> usual.level.item(), usual.slope_per_year.item(), usual.spread.item(), usual.middle_year
    (10.0, 0.0, 1.0, 2002.5)
    """
    known = values[learned]
    middle_year = float(np.mean(years[learned]))
    ahead = np.where(np.isnan(known), np.nan, (years[learned] - middle_year)[:, None, None])
    n_known = np.isfinite(known).sum(axis=0)
    few = n_known < LEAST_YEARS
    mean_ahead, mean = (_mean(of, n_known) for of in (ahead, known))
    joint, square = _sum((ahead - mean_ahead) * (known - mean)), _sum((ahead - mean_ahead) ** 2)
    slope = np.divide(joint, square, out=np.zeros_like(joint), where=square > 0)
    residuals = known - mean - slope * (ahead - mean_ahead)
    # Level and slope are fitted: two years of n say nothing of the spread.
    spread = np.sqrt(_sum(residuals**2) / np.maximum(n_known - 2, 1))
    level = mean - slope * mean_ahead
    # An index whose years hardly differ at one place would depart by hundreds there in the first year that does: places
    # with little spread of their own get a share of what is common.
    of_cells = np.sqrt(np.nanmean(np.square(np.where(few, np.nan, spread)), axis=1, keepdims=True))
    spread = np.maximum(spread, LEAST_SHARE * of_cells)
    level, slope, spread = (np.where(few, np.nan, part) for part in (level, slope, spread))
    return UsualYears(level, slope, spread, middle_year)


def _sum(values: FloatArray) -> FloatArray:
    total: FloatArray = np.nansum(values, axis=0)
    return total


def _mean(values: FloatArray, n_known: IntArray) -> FloatArray:
    mean: FloatArray = _sum(values) / np.maximum(n_known, 1)
    return mean
