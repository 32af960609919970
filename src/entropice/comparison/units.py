"""The units on which runs are compared: cells of one coarse equal-area grid, whatever grids the runs have."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from entropice.crs import EQUAL_AREA_CRS
from entropice.dggs import Region, build_cells
from entropice.dggs.healpix_grid import HealpixGrid
from entropice.dggs.region import SOUTHERN_LIMIT_DEG
from entropice.types import CellIds, FloatArray, GeoDataFrame, Geometries, IntArray, Series
from entropice.zonal.polygons import cut

MIN_LAND_FRACTION: Final = 0.05
"""Of a unit: as the smallest that a run's own cells have by default."""

METRES_PER_DEGREE: Final = 100_000.0
"""Of latitude, rounded down."""

BLOCK_LEVELS: Final = 1
"""Neighbouring units are drawn together by the bootstrap: those of one cell this many levels above."""


@dataclass(frozen=True)
class Overlap:
    """How the cells of a grid lie in units.

    Attributes
    ----------
    cell, unit
        Position in either table, (n_pair,).
    share
        Part of the cell's area that lies in the unit, (n_pair,).
    n_units
        Number of units.
    """

    cell: IntArray
    unit: IntArray
    share: FloatArray
    n_units: int

    def total(self, values: FloatArray) -> FloatArray:
        """Sum (n_unit,) of extensive values of cells (n_cell,), spread evenly in each cell; NaN counts as nothing.

        Examples
        --------
        A cell lies half in either unit, another in the second alone; nothing is in the third:

        >>> lie = Overlap(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.5, 0.5, 1.0]), n_units=3)
        >>> lie.total(np.array([4.0, 1.0])).tolist(), lie.total(np.array([4.0, np.nan])).tolist()
        ([2.0, 3.0, 0.0], [2.0, 2.0, 0.0])
        """
        known: FloatArray = np.nan_to_num(values[self.cell]) * self.share
        return np.bincount(self.unit, weights=known, minlength=self.n_units).astype(np.float64)

    def mean(self, values: FloatArray, weights: FloatArray) -> FloatArray:
        """Weighted mean (n_unit,) of intensive values of cells (n_cell,) that are known; NaN where none is.

        A cell weighs with the part of its weight (n_cell,), such as land area, that lies in the unit; weights hold no
        NaN.

        Examples
        --------
        >>> lie = Overlap(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.5, 0.5, 1.0]), n_units=3)
        >>> lie.mean(np.array([4.0, 1.0]), np.array([2.0, 1.0])).tolist()
        [4.0, 2.5, nan]
        >>> lie.mean(np.array([np.nan, 1.0]), np.array([2.0, 1.0])).tolist()
        [nan, 1.0, nan]
        """
        is_known = ~np.isnan(values)
        known_weights = np.where(is_known, weights, 0.0)
        total, weight = self.total(np.where(is_known, values, 0.0) * known_weights), self.total(known_weights)
        mean: FloatArray = np.divide(total, weight, out=np.full(self.n_units, np.nan), where=weight > 0)
        return mean


def common_units(level: int, lat_deg: Series, land: GeoDataFrame) -> GeoDataFrame:
    """HEALPix cells of a level, around the latitudes (n_cell,) of the cells of runs.

    HEALPix has cells of one area, and its levels nest. The level is the same for all runs, H3's included. Units have 5
    % of land at least, and their centres lie north of the southernmost cell's centre less two reaches of a unit
    (``HealpixGrid.reach_m``, at 100 km a degree of latitude), and of 50° N.

    Parameters
    ----------
    lat_deg
        Of the centres of all cells of all runs.
    land
        Polygons, EPSG:3413, that do not overlap.

    Returns
    -------
    GeoDataFrame
        ``cell_id lon_deg lat_deg area_m2 land_fraction geometry``, EPSG:3413, by ``cell_id``.

    Raises
    ------
    GridError
        No unit has its centre there, or none has enough land.
    """
    grid = HealpixGrid(level)
    # The centre of a unit may lie south of all cells that it meets: by its reach, and that of a cell no larger than it.
    south_deg = float(lat_deg.min()) - 2 * grid.reach_m / METRES_PER_DEGREE
    region = Region.north_of(max(SOUTHERN_LIMIT_DEG, south_deg), parameter="comparison.unit_level")
    return build_cells(grid, region, land, MIN_LAND_FRACTION)


def unit_blocks(units: GeoDataFrame, level: int) -> IntArray:
    """Block (n_unit,) of each unit, counted from 0: units of one HEALPix cell a level above are one block.

    At level 0 each unit is a block. Blocks go by the number of that cell.

    Examples
    --------
    Four nested cells lie in one a level above:

    >>> import pandas as pd
    >>> unit_blocks(pd.DataFrame({"cell_id": np.array([0, 1, 3, 4], dtype=np.uint64)}), 2).tolist()
    [0, 0, 0, 1]
    """
    ids: CellIds = units["cell_id"].to_numpy(np.uint64)
    parents = HealpixGrid(level).parents(ids, max(level - BLOCK_LEVELS, 0))
    return np.unique(parents, return_inverse=True)[1].astype(np.int64)


def overlap(cells: GeoDataFrame, units: GeoDataFrame) -> Overlap:
    """Area shared by every cell and unit that meet, as a part of the cell's area.

    Measured in EPSG:6931, which keeps areas; cells and units that only touch share nothing. Positions are those of the
    rows of either frame.

    Examples
    --------
    A cell that lies half in the first unit and half in the second:

    >>> import geopandas as gpd
    >>> def frame(*polygons):
    ...     return gpd.GeoDataFrame(geometry=list(polygons), crs=EQUAL_AREA_CRS)
    >>> units = frame(shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000))
    >>> shared = overlap(frame(shapely.box(500, 0, 1500, 1000)), units)
    >>> shared.unit.tolist(), shared.share.round(9).tolist()
    ([0, 1], [0.5, 0.5])
    """
    cell_polygons, unit_polygons = _equal_area(cells), _equal_area(units)
    pieces = cut(unit_polygons, cell_polygons)
    share = pieces.area_m2 / shapely.area(cell_polygons)[pieces.right]
    return Overlap(pieces.right, pieces.left, share, len(units))


def _equal_area(frame: GeoDataFrame) -> Geometries:
    # Edges that are straight in one projection are bent in the other, and vertices alone move: outlines may cross.
    return np.asarray(shapely.make_valid(frame.geometry.to_crs(EQUAL_AREA_CRS).to_numpy()), dtype=object)
