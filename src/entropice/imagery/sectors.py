"""Regions that any circumpolar task has: sectors of longitude."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from entropice.dggs.polar import unproject
from entropice.imagery.splits import tile_boxes
from entropice.types import CellIds, DataFrame, FloatArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Names = NDArray[np.str_]
else:
    Names = Any

SECTORS: Final = ("180W-90W", "90W-0", "0-90E", "90E-180E")
"""From west to east, as wide each as the others; a meridian between two belongs to the eastern one."""


def sectors_at(lon_deg: FloatArray) -> Names:
    """Names (n,) of the sectors of longitudes in −180..180, none NaN; 180 is −180.

    They are `SECTORS`, 90° wide each: ``180W-90W``, ``90W-0``, ``0-90E``, ``90E-180E``.

    Examples
    --------
    >>> sectors_at(np.array([-180.0, -90.0, 89.9, 90.0, 180.0])).tolist()
    ['180W-90W', '90W-0', '0-90E', '90E-180E', '180W-90W']
    """
    width_deg = 360 / len(SECTORS)
    return np.array(SECTORS)[np.floor((lon_deg + 180) / width_deg).astype(np.int64) % len(SECTORS)]


def sectors_of_blocks(blocks: CellIds, splits: DataFrame, tiles: DataFrame) -> Names:
    """Names (n_block,) of the sectors in which the mean middle of the tiles of each block lies.

    In the order of `blocks`; means are those in the plane of EPSG:3413.

    Parameters
    ----------
    blocks
        (n_block,) numbers.
    splits
        ``key block`` of `entropice.imagery.splits`; each of the blocks has a tile there.
    tiles
        ``key left_m top_m pixel_m n_pixels``, each key once.

    Raises
    ------
    KeyError
        A block has no tile.
    pandas.errors.MergeError
        A key occurs twice, in `splits` or in `tiles`.
    """
    placed = splits[["key", "block"]].merge(tiles, on="key", validate="one_to_one")
    middles_m = pd.DataFrame(shapely.get_coordinates(shapely.centroid(tile_boxes(placed))))
    means_m = middles_m.groupby(placed["block"]).mean().loc[blocks]
    lon_deg, _ = unproject(means_m.to_numpy(np.float64))
    return sectors_at(lon_deg)


def regions_of_tiles(tiles: DataFrame) -> Names:
    """Names (n_tile,) of the regions of tiles: their column ``region``, else sectors of longitude of their middles.

    Without a column ``region`` they have ``left_m top_m pixel_m n_pixels`` in EPSG:3413.

    Examples
    --------
    On the positive x axis of EPSG:3413 the longitude is 45° E:

    >>> tiles = pd.DataFrame({"left_m": [1e6], "top_m": 20.0, "pixel_m": 10.0, "n_pixels": 4})
    >>> regions_of_tiles(tiles).tolist(), regions_of_tiles(tiles.assign(region="Banks Island")).tolist()
    (['0-90E'], ['Banks Island'])
    """
    if "region" in tiles:
        return tiles["region"].to_numpy(dtype=np.str_)
    lon_deg, _ = unproject(shapely.get_coordinates(shapely.centroid(tile_boxes(tiles))))
    return sectors_at(lon_deg)
