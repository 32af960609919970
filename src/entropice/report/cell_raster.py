"""Cells drawn once on a pixel grid; any of their quantities is then a look-up."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from rasterio.transform import Affine, from_origin

from entropice.types import Float32Array, GeoDataFrame

_NO_CELL = -1


@dataclass(frozen=True)
class CellRaster:
    """Which cell holds the centre of each pixel.

    Attributes
    ----------
    position
        int32 (rows, columns), row 0 at the top: the cell's row in its table, −1 outside every cell.
    left_m, top_m, pixel_size_m
        Outer corner of the top-left pixel and edge of the square pixels, EPSG:3413.
    """

    position: NDArray[np.int32]
    left_m: float
    top_m: float
    pixel_size_m: float

    @property
    def transform(self) -> Affine:
        """From pixel (column, row), from the outer corner of the top-left one, to (x, y) in EPSG:3413 metres."""
        return from_origin(self.left_m, self.top_m, self.pixel_size_m, self.pixel_size_m)

    @property
    def extent_m(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of the outer edges, EPSG:3413; matplotlib's order, not that of bounds."""
        rows, columns = self.position.shape
        right_m = self.left_m + columns * self.pixel_size_m
        return self.left_m, right_m, self.top_m - rows * self.pixel_size_m, self.top_m

    def paint(self, values: ArrayLike) -> Float32Array:
        """Each pixel takes its cell's value; NaN outside the cells, and where the value is NaN.

        Parameters
        ----------
        values
            Shape (n_cells,), in the order of the table that was rasterised.

        Returns
        -------
        Float32Array
            Shape (rows, columns), row 0 at the top.

        Examples
        --------
        >>> raster = CellRaster(np.array([[0, 1, -1]], dtype=np.int32), left_m=0.0, top_m=10.0, pixel_size_m=10.0)
        >>> raster.paint([5, 7]).tolist(), raster.extent_m
        ([[5.0, 7.0, nan]], (0.0, 30.0, 0.0, 10.0))
        """
        # Position −1, outside every cell, is the last of these: one look-up serves both.
        with_outside = np.append(np.asarray(values, dtype=np.float32), np.float32(np.nan))
        return with_outside[self.position]


def rasterise_cells(cells: GeoDataFrame, pixel_size_m: float) -> CellRaster:
    """Give each pixel to the cell that holds its centre; the pixel grid is snapped to multiples of its size.

    Cells are the column ``geometry``, in EPSG:3413; positions are int32, shape (rows, columns), −1 outside every cell.
    A centre on the border of two cells belongs to one of them, and a cell that holds no centre has no pixel.

    Parameters
    ----------
    pixel_size_m
        Edge of the square pixels, EPSG:3413 metres.

    Raises
    ------
    ValueError
        There is no cell.

    Examples
    --------
    >>> import geopandas as gpd
    >>> cells = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)], crs="EPSG:3413")
    >>> rasterise_cells(cells, 1.0).position.tolist()
    [[0, 0, 1]]
    """
    left, bottom, right, top = (bound / pixel_size_m for bound in cells.total_bounds)
    # Snapped to multiples of the pixel, so that rasters of other years, runs and regions can be subtracted.
    first_column, last_column = math.floor(left), math.ceil(right)
    first_row, last_row = math.floor(bottom), math.ceil(top)
    left_m, top_m = first_column * pixel_size_m, last_row * pixel_size_m
    x_m = left_m + pixel_size_m * (np.arange(last_column - first_column) + 0.5)
    y_m = top_m - pixel_size_m * (np.arange(last_row - first_row) + 0.5)
    position = np.full((len(y_m), len(x_m)), _NO_CELL, dtype=np.int32)
    centres = shapely.points(*np.meshgrid(x_m, y_m))
    pixels, cell = shapely.STRtree(cells.geometry.to_numpy()).query(centres.ravel(), predicate="intersects")
    position.flat[pixels] = cell
    return CellRaster(position, left_m, top_m, pixel_size_m)
