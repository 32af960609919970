"""Mean and spread of raster layers inside cells, exact at cell borders, mergeable over windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from entropice.crs import POLAR_CRS
from entropice.types import Float32Array, FloatArray, Geometries, IntArray
from entropice.zonal.bounds import Bounds

OPERATIONS: Final = ["count", "mean", "variance"]
VERTEX_DECIMALS: Final = 3
"""Vertices are rounded to 1 mm: exactextract 0.3.0 crashes on one that is 1e-60 m away from a pixel's edge."""


@dataclass(frozen=True)
class Moments:
    """Weighted count, mean and sum of squared deviations; each float64 of shape (n_cell, n_layer).

    A pixel weighs the fraction of it that the cell covers, so the count is in pixels. Where the count is 0 the stored
    mean is 0; `means` and `standard_deviations` say NaN there.
    """

    count: FloatArray
    mean: FloatArray
    squared_deviations: FloatArray

    @classmethod
    def empty(cls, n_cells: int, n_layers: int) -> "Moments":
        """The neutral element of `merged`: nothing seen yet."""
        return cls(*(np.zeros((n_cells, n_layers)) for _ in range(3)))

    @property
    def means(self) -> FloatArray:
        """The mean; NaN where no pixel was seen."""
        return np.where(self.count > 0, self.mean, np.nan)

    @property
    def standard_deviations(self) -> FloatArray:
        """The population standard deviation; NaN where no pixel was seen."""
        return np.sqrt(_ratio(self.squared_deviations, self.count, where_empty=np.nan))

    def merged(self, other: "Moments") -> "Moments":
        """The moments of both samples together; associative and commutative up to rounding.

        Notes
        -----
        Chan, Golub and LeVeque (1983), The American Statistician 37:242, doi:10.1080/00031305.1983.10483115.
        """
        count = self.count + other.count
        share = _ratio(other.count, count, where_empty=0.0)
        difference = other.mean - self.mean
        return Moments(
            count,
            self.mean + difference * share,
            self.squared_deviations + other.squared_deviations + difference**2 * self.count * share,
        )

    def add(self, rows: IntArray, part: "Moments") -> None:
        """Merge `part` into the given rows, in place: a total over many windows is never copied."""
        merged = Moments(self.count[rows], self.mean[rows], self.squared_deviations[rows]).merged(part)
        self.count[rows] = merged.count
        self.mean[rows] = merged.mean
        self.squared_deviations[rows] = merged.squared_deviations


def cell_moments(layers: Sequence[Float32Array], bounds: Bounds, polygons: Geometries) -> Moments:
    """Reduce every layer of one window over every polygon, weighting pixels by the fraction covered.

    Parameters
    ----------
    layers
        Arrays of one shape (rows, columns), row 0 at the top; NaN is no data and has no weight.
    bounds
        Outer edges of the window, in EPSG:3413.
    polygons
        Cells in EPSG:3413, shape (n_cell,); a part outside the window counts nothing.
    """
    if len(polygons) == 0:
        return Moments.empty(0, len(layers))
    edges = (bounds.left_m, bounds.bottom_m, bounds.right_m, bounds.top_m)
    sources = [NumPyRasterSource(layer, *edges, name=f"layer{index}") for index, layer in enumerate(layers)]
    rounded = shapely.transform(polygons, lambda vertices: vertices.round(VERTEX_DECIMALS))
    table = exact_extract(sources, gpd.GeoDataFrame(geometry=rounded, crs=POLAR_CRS), OPERATIONS, output="pandas")
    columns = [_columns(operation, len(layers)) for operation in OPERATIONS]
    count, mean, variance = (table[names].to_numpy(dtype=np.float64) for names in columns)
    return Moments(count, np.nan_to_num(mean), np.nan_to_num(variance) * count)


def _columns(operation: str, n_layers: int) -> list[str]:
    # exactextract leaves the layer's name out of the column where there is one layer only.
    return [operation] if n_layers == 1 else [f"layer{index}_{operation}" for index in range(n_layers)]


def _ratio(numerator: FloatArray, denominator: FloatArray, where_empty: float) -> FloatArray:
    return np.divide(numerator, denominator, out=np.full_like(denominator, where_empty), where=denominator > 0)
