"""All tiles that could be looked at: squares of one lattice whose ground holds land, each in one cell.

A frame is what chances to be chosen refer to: every piece of land is in exactly one tile, whichever tiles are chosen.
"""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Proj, Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs.grid import Grid
from entropice.errors import LabelError
from entropice.types import BoolArray, CellIds, DataFrame, FloatArray, GeoDataFrame

QUARTERS: Final = np.array([[-0.25, 0.25], [0.25, 0.25], [-0.25, -0.25], [0.25, -0.25]])
"""Middles of the quarters of a square, which tell how much of it is land."""


def tile_frame(cells: GeoDataFrame, land: GeoDataFrame, pixel_m: float, n_pixels: int, grid: Grid) -> DataFrame:
    """Every tile of the lattice through the pole whose middle lies in one of the cells, and a quarter's middle on land.

    Parameters
    ----------
    cells
        ``cell_id geometry`` in EPSG:3413.
    land
        ``geometry`` in EPSG:3413.
    pixel_m, n_pixels
        A tile is `n_pixels` such pixels wide; its corners are whole multiples of its edge.
    grid
        That of the cells: whose number a middle has decides, not the outline of a cell.

    Returns
    -------
    DataFrame
        ``key left_m top_m pixel_m n_pixels cell_id land_area_m2``, from north-west to south-east, row by row.
        ``land_area_m2`` is true area: q (``pixel_m`` · ``n_pixels``)² / (4 s), q of the tile's four quarters with their
        middles on land (not on its edge), s the areal scale of the projection in the tile's middle (pyproj). Keys are
        ``<left>_<top>`` in metres. A tile none of whose quarters has its middle on land is left out.

    Raises
    ------
    LabelError
        No tile holds land.
    """
    edge_m = pixel_m * n_pixels
    corners_m = _corners_near(cells, edge_m)
    middles_m = corners_m + np.array([0.5, -0.5]) * edge_m
    cell_id, true_share = _cells_and_scale(middles_m, grid)
    is_of_cell = np.isin(cell_id, cells["cell_id"].to_numpy())
    corners_m, cell_id, true_share = corners_m[is_of_cell], cell_id[is_of_cell], true_share[is_of_cell]
    land_share = _land_share(middles_m[is_of_cell], edge_m, land)
    if not land_share.any():
        raise LabelError(
            "No tile holds land.",
            field="land",
            got=f"{len(cells)} cells",
            fix="take smaller tiles, or look at the land",
        )
    frame = pd.DataFrame(
        {
            "key": [f"{left:.0f}_{top:.0f}" for left, top in corners_m],
            "left_m": corners_m[:, 0],
            "top_m": corners_m[:, 1],
            "pixel_m": pixel_m,
            "n_pixels": n_pixels,
            "cell_id": cell_id,
            "land_area_m2": land_share * true_share * edge_m**2,
        }
    )
    return frame[land_share > 0].reset_index(drop=True)


def middles_on(frame: DataFrame, ground: GeoDataFrame) -> BoolArray:
    """Whether (n,) the middle of each tile lies on some ground (EPSG:3413); one on its very edge does not.

    Parameters
    ----------
    frame
        ``left_m top_m pixel_m n_pixels``.
    ground
        ``geometry``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> ground = gpd.GeoDataFrame(geometry=[shapely.box(0.0, 0.0, 10.0, 10.0)], crs=POLAR_CRS)
    >>> frame = pd.DataFrame({"left_m": [0.0, 8.0, 7.0], "top_m": 10.0, "pixel_m": 1.0, "n_pixels": 6})
    >>> middles_on(frame, ground).tolist()
    [True, False, False]
    """
    half_m = frame["pixel_m"].to_numpy() * frame["n_pixels"].to_numpy() / 2
    whole = shapely.union_all(ground.geometry.to_numpy())
    shapely.prepare(whole)
    return np.asarray(shapely.contains_xy(whole, frame["left_m"] + half_m, frame["top_m"] - half_m), dtype=bool)


def _corners_near(cells: GeoDataFrame, edge_m: float) -> FloatArray:
    """Top-left corners (n, 2) of all tiles in the bounds of any cell, each once, from north-west to south-east."""
    bounds_m = cells.geometry.bounds[["maxy", "miny", "minx", "maxx"]].to_numpy() * np.array([-1, -1, 1, 1])
    near = [
        np.stack(np.meshgrid(np.arange(top, bottom + 1), np.arange(left, right + 1)), axis=-1).reshape(-1, 2)
        for top, bottom, left, right in np.floor(bounds_m / edge_m).astype(np.int64)
    ]
    # In whole numbers of edges until here: a corner that two cells name is one tile, not two a rounding apart.
    rows, columns = np.unique(np.concatenate(near), axis=0).T
    return np.stack([columns, -rows], axis=-1) * edge_m


def _cells_and_scale(middles_m: FloatArray, grid: Grid) -> tuple[CellIds, FloatArray]:
    """The cell of each point, and true area over projected area there."""
    lon_deg, lat_deg = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(*middles_m.T)
    areal_scale = np.asarray(Proj(POLAR_CRS).get_factors(lon_deg, lat_deg).areal_scale, dtype=np.float64)
    return grid.cell_at(lon_deg, lat_deg), 1 / areal_scale


def _land_share(middles_m: FloatArray, edge_m: float, land: GeoDataFrame) -> FloatArray:
    ground = shapely.union_all(land.geometry.to_numpy())
    shapely.prepare(ground)
    on_land = [shapely.contains_xy(ground, *(middles_m + quarter * edge_m).T) for quarter in QUARTERS]
    return np.asarray(np.mean(on_land, axis=0), dtype=np.float64)
