"""The ground without slumps: height, ice and water courses, as functions of absolute position."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import xarray as xr

from entropice.types import BoolArray, Float32Array, FloatArray, IntArray
from entropice.virtual_arctic.lattice import Lattice, lattice_of
from entropice.virtual_arctic.lattice import interpolated as bilinear
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import catmull_rom, interpolated, octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.specification import Relief

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)

_SPACINGS_M: Final = (640.0, 320.0, 160.0, 80.0, 40.0, 20.0, 10.0)
_ROUGHNESS_EXPONENT: Final = 0.95
_STEEP: Final = 0.12
_RUGGED: Final = (0.09, 0.22)
_RIVER_MAX_SLOPE: Final = 0.035
_VALLEY_DEPTH_M: Final = 9.0


@dataclass(frozen=True)
class Ground:
    """What lies under an image; all fields have the shape of the grid.

    Attributes
    ----------
    land
        Whether it is land in the world.
    elevation_m
        Surface in metres, the sea's bed included.
    steepness
        0 on flat ground, 1 where the world's slope is 7° or more.
    ground_ice
        Standard deviations above the mean.
    gully
        0 between water courses, 1 in their middle.
    river
        Distance from the middle of the nearest river, in its widths.
    """

    grid: PixelGrid
    land: BoolArray
    elevation_m: Float32Array
    steepness: Float32Array
    ground_ice: Float32Array
    gully: Float32Array
    river: Float32Array


class WorldFields:
    """The world's fields on base units, between their centres.

    Parameters
    ----------
    terrain
        As `entropice.virtual_arctic.terrain.build_terrain` makes it.
    """

    def __init__(self, terrain: xr.Dataset) -> None:
        self.lattice: Lattice = lattice_of(terrain)
        self._elevation_m: Float32Array = terrain["elevation_m"].to_numpy()
        self._ground_ice: Float32Array = terrain["ground_ice"].to_numpy()
        self._land: BoolArray = terrain["land"].to_numpy()

    def elevation_m(self, grid: PixelGrid) -> Float32Array:
        """Height (m) between the centres of units, float32 of the grid's shape, by Catmull-Rom splines.

        They pass through the height of every unit's centre; beyond the outermost centres their heights go on.
        """
        return self._between(self._elevation_m, grid)

    def ground_ice(self, grid: PixelGrid) -> Float32Array:
        """Standard deviations above the mean; as `elevation_m`."""
        return self._between(self._ground_ice, grid)

    def land(self, grid: PixelGrid) -> BoolArray:
        """Whether each pixel's unit is land; beyond the world there is none.

        bool of the grid's shape; a pixel is of the unit that holds its centre.
        """
        rows, columns = self._positions(grid)
        row, column = np.floor(rows + 0.5).astype(np.int64), np.floor(columns + 0.5).astype(np.int64)
        is_within = (
            ((row >= 0) & (row < self.lattice.n_rows))[:, None] & (column >= 0) & (column < self.lattice.n_columns)
        )
        land: BoolArray = is_within & (_clipped(self._land, row, column) > 0)
        return land

    def downhill(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Unit vector of the way down, and rise over run, of the units that hold points (n,).

        Three arrays (n,), float64: towards larger x, towards larger y, and the slope, by the differences of the two
        neighbours along each axis. On flat ground the vector is 0. Points beyond the world have the slope of its edge
        or none.
        """
        rows, columns = self.lattice.rows_and_columns(x_m, y_m)
        row, column = np.round(rows).astype(np.int64), np.round(columns).astype(np.int64)
        step = np.array([-1, 1])
        up_x = self._differences(row[:, None], column[:, None] + step)
        up_y = -self._differences(row[:, None] + step, column[:, None])
        rise = np.hypot(up_x, up_y)
        safe = np.maximum(rise, 1e-9)
        return -up_x / safe, -up_y / safe, rise

    def height_m(self, x_m: FloatArray, y_m: FloatArray) -> FloatArray:
        """Height (m) at points (n,), bilinear between the centres of units; beyond the outermost ones theirs."""
        return bilinear(self._elevation_m, self.lattice, x_m, y_m).astype(np.float64)

    def _differences(self, rows: IntArray, columns: IntArray) -> FloatArray:
        n_rows, n_columns = self.lattice.shape
        at = self._elevation_m[np.clip(rows, 0, n_rows - 1), np.clip(columns, 0, n_columns - 1)].astype(np.float64)
        differences: FloatArray = (at[:, 1] - at[:, 0]) / (2 * self.lattice.step_m)
        return differences

    def _between(self, values: Float32Array, grid: PixelGrid) -> Float32Array:
        def values_at(rows: IntArray, columns: IntArray) -> Float32Array:
            return _clipped(values, rows, columns)

        return interpolated(values_at, *self._positions(grid), catmull_rom)

    def _positions(self, grid: PixelGrid) -> tuple[FloatArray, FloatArray]:
        return self.lattice.rows_and_columns(grid.x_m, grid.y_m)


def ground(fields: WorldFields, grid: PixelGrid, relief: Relief, seed: int) -> Ground:
    """The world's surface with a fine roughness that grows with ground ice and steepness, gullies and valleys.

    Parameters
    ----------
    seed
        Of the world; all random fields follow from it and from absolute position.

    Notes
    -----
    z = base + a (.4 + S + 4 R) n − d (.06 + S + 2 R) g − 9 v in m, with a = `roughness_m` exp(`ice_exponent` · ice), d
    = `gully_depth_m`, S the steepness, R from 0 at a slope of .09 to 1 at .22, n a sum of noises of spacings from 640
    to 10 m, g the gully and v from 0 six widths off a river to 1 within one. Rivers lie on gentle ground alone.
    """
    base_m, ice = fields.elevation_m(grid), fields.ground_ice(grid)
    rise_y, rise_x = np.gradient(base_m, np.float32(grid.pixel_m))
    rise = np.sqrt(rise_x * rise_x + rise_y * rise_y)
    steepness = smooth_step(rise, 0.0, _STEEP)
    winding = octaves(grid, stream(seed, "gullies"), (420.0, 150.0, 60.0), 1.0)
    gully = smooth_step(np.abs(winding), 0.30, 0.0)
    river = _river(grid, seed) + 12 * smooth_step(rise, 0.5 * _RIVER_MAX_SLOPE, _RIVER_MAX_SLOPE)
    rough = octaves(grid, stream(seed, "fine relief"), _SPACINGS_M, _ROUGHNESS_EXPONENT)
    amplitude_m = np.float32(relief.roughness_m) * np.exp(np.float32(relief.ice_exponent) * ice)
    rugged = smooth_step(rise, *_RUGGED)
    fine_m = amplitude_m * (np.float32(0.4) + steepness + np.float32(4) * rugged) * rough
    gullies_m = np.float32(relief.gully_depth_m) * (np.float32(0.06) + steepness + np.float32(2) * rugged) * gully
    valley_m = np.float32(_VALLEY_DEPTH_M) * smooth_step(river, 6.0, 1.0)
    return Ground(grid, fields.land(grid), base_m + fine_m - gullies_m - valley_m, steepness, ice, gully, river)


def _river(grid: PixelGrid, seed: int) -> Float32Array:
    """Rivers wind along the line where a smooth field is 0."""
    winding = octaves(grid, stream(seed, "rivers"), (5200.0, 1500.0, 500.0), 1.25)
    widths: Float32Array = np.abs(winding) * np.float32(1 / 0.012)
    return widths


def _clipped(values: "NDArray[T]", rows: IntArray, columns: IntArray) -> "NDArray[T]":
    n_rows, n_columns = values.shape
    return values[np.ix_(np.clip(rows, 0, n_rows - 1), np.clip(columns, 0, n_columns - 1))]
