"""Square lattices of the world in EPSG:3413."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from affine import Affine
from pyproj import Transformer
from scipy.ndimage import map_coordinates, zoom

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import Float32Array, FloatArray, IntArray
from entropice.virtual_arctic.specification import WorldSpecification


@dataclass(frozen=True)
class Lattice:
    """Square units, row 0 at the top.

    Attributes
    ----------
    left_m, top_m
        Outer corner of the top-left unit.
    step_m
        Edge of a unit.
    """

    left_m: int
    top_m: int
    step_m: int
    n_rows: int
    n_columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.n_rows, self.n_columns

    @property
    def x_m(self) -> FloatArray:
        """Centres of the columns (m, EPSG:3413), ascending; float64 (column,)."""
        return self.left_m + (np.arange(self.n_columns, dtype=np.float64) + 0.5) * self.step_m

    @property
    def y_m(self) -> FloatArray:
        """Centres of the rows (m, EPSG:3413), descending; float64 (row,)."""
        return self.top_m - (np.arange(self.n_rows, dtype=np.float64) + 0.5) * self.step_m

    @property
    def transform(self) -> Affine:
        """The affine transform rasterio uses.

        It maps (column, row) of corners to (x, y) in m, EPSG:3413.
        """
        return Affine(self.step_m, 0, self.left_m, 0, -self.step_m, self.top_m)

    def lon_lat_deg(self) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of all centres, each of the lattice's shape.

        EPSG:4326; longitudes are from −180 to 180.
        """
        to_lon_lat = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True)
        lon_deg, lat_deg = to_lon_lat.transform(*np.meshgrid(self.x_m, self.y_m))
        return lon_deg, lat_deg

    def rows_and_columns(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fractional positions: whole numbers at the units' centres.

        Points outside get positions below 0 or beyond the last unit.

        Examples
        --------
        >>> lattice = Lattice(left_m=0, top_m=200, step_m=100, n_rows=2, n_columns=2)
        >>> lattice.x_m.tolist(), lattice.y_m.tolist()
        ([50.0, 150.0], [150.0, 50.0])
        >>> lattice.rows_and_columns(150.0, 200.0)
        (-0.5, 1.0)
        """
        return (self.top_m - y_m) / self.step_m - 0.5, (x_m - self.left_m) / self.step_m - 0.5

    def blocks(self, block_m: int) -> IntArray:
        """Number of the square block that holds each unit's centre, counted along rows from the top left.

        int64 of the lattice's shape. Blocks begin at the top left corner; the last of a row or column may be cut off.

        Examples
        --------
        >>> Lattice(left_m=0, top_m=200, step_m=100, n_rows=2, n_columns=3).blocks(200).tolist()
        [[0, 0, 1], [0, 0, 1]]
        """
        n_blocks_across = -(-self.n_columns * self.step_m // block_m)
        row, column = ((self.top_m - self.y_m) // block_m, (self.x_m - self.left_m) // block_m)
        return (row[:, None] * n_blocks_across + column[None, :]).astype(np.int64)


def base_lattice(world: WorldSpecification) -> Lattice:
    """The base units, on which the truth is known: squares of `base_unit_m` over the world's extent."""
    return _lattice(world, world.base_unit_m)


def coarse_lattice(world: WorldSpecification) -> Lattice:
    """The lattice of coasts and smooth fields: squares of `coarse_unit_m` over the world's extent."""
    return _lattice(world, world.coarse_unit_m)


def lattice_of(dataset: xr.Dataset) -> Lattice:
    """The lattice behind a dataset's ``x`` and ``y``: the inverse of writing their centres.

    Centres are in m, ``y`` descending and ``x`` ascending at one step, at least two of each; edges are rounded to whole
    m.
    """
    x_m, y_m = dataset["x"].to_numpy(), dataset["y"].to_numpy()
    step_m = round(x_m[1] - x_m[0])
    return Lattice(round(x_m[0] - step_m / 2), round(y_m[0] + step_m / 2), step_m, len(y_m), len(x_m))


def upsampled(coarse: Float32Array, factor: int) -> Float32Array:
    """Bilinear interpolation to units ``factor`` times finer, constant beyond the outermost centres.

    (row, column) to (factor · row, factor · column).

    Examples
    --------
    >>> upsampled(np.array([[0.0, 4.0]], dtype=np.float32), 2).tolist()
    [[0.0, 1.0, 3.0, 4.0], [0.0, 1.0, 3.0, 4.0]]
    """
    fine: Float32Array = zoom(coarse, factor, order=1, mode="nearest", grid_mode=True)
    return fine


def block_mean(fine: Float32Array, factor: int) -> Float32Array:
    """Mean over ``factor`` × ``factor`` units: the mean of the whole is kept.

    (row, column) to (row / factor, column / factor), float32; NaN where one of the block is NaN.

    Raises
    ------
    ValueError
        Rows or columns are no multiple of the factor (of numpy).

    Examples
    --------
    >>> block_mean(np.array([[1.0, 2.0], [3.0, 6.0]], dtype=np.float32), 2).tolist()
    [[3.0]]
    """
    n_rows, n_columns = fine.shape
    blocks = fine.reshape(n_rows // factor, factor, n_columns // factor, factor)
    means: Float32Array = blocks.mean(axis=(1, 3), dtype=np.float64).astype(np.float32)
    return means


def interpolated(values: Float32Array, lattice: Lattice, x_m: FloatArray, y_m: FloatArray) -> Float32Array:
    """Bilinear value of a lattice field at points, constant beyond the outermost centres.

    Values have the lattice's shape; points are two arrays of one shape, which the result has too. A NaN spreads to all
    points between its centre and the neighbouring ones.

    Examples
    --------
    >>> lattice = Lattice(left_m=0, top_m=200, step_m=100, n_rows=2, n_columns=2)
    >>> values = np.array([[0.0, 4.0], [0.0, 4.0]], dtype=np.float32)
    >>> interpolated(values, lattice, np.array([50.0, 100.0, 500.0]), np.array([150.0, 150.0, 150.0])).tolist()
    [0.0, 2.0, 4.0]
    """
    at_points: Float32Array = map_coordinates(values, lattice.rows_and_columns(x_m, y_m), order=1, mode="nearest")
    return at_points


def _lattice(world: WorldSpecification, step_m: int) -> Lattice:
    extent = world.extent
    n_rows, n_columns = (extent.top_m - extent.bottom_m) // step_m, (extent.right_m - extent.left_m) // step_m
    return Lattice(extent.left_m, extent.top_m, step_m, n_rows, n_columns)
