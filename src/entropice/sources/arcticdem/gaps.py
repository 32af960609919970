"""Where cells have no elevation: tiles that are not here, and tiles that hold none."""

import logging

import numpy as np
import shapely

from entropice.errors import InputFileError
from entropice.raster.ground import report_missed_land
from entropice.sources.arcticdem.index import report_absent
from entropice.sources.arcticdem.tiles import ElevationTile, TileIndex, holds_heights
from entropice.types import FloatArray, Geometries

logger = logging.getLogger(__name__)


def report_gaps(index: TileIndex, polygons: Geometries, land_fraction: FloatArray) -> None:
    """Warn of tiles on cells that are not here, or hold no height.

    Which are not here is known by the publisher's index (`report_absent`); without one, cells are named whose land lies
    on no tile, by a thousandth of the cell or more (`report_missed_land`). Warnings go to the log. Tiles that only
    touch a cell count as on it; their pixels are read until one is known. Where no tile touches a cell, none is called
    empty.

    Parameters
    ----------
    polygons
        Cells in EPSG:3413, shape (n_cells,).
    land_fraction
        Of each cell, 0 to 1, shape (n_cells,).

    Raises
    ------
    InputFileError
        No tile on the cells holds a height, or one whose pixels cannot be read or are no heights.
    SchemaError
        The index lacks a column, or lists a tile twice.
    """
    cells = shapely.STRtree(polygons)
    boxes = shapely.box(*index.edges_m)
    if index.published is None:
        report_missed_land("ArcticDEM", polygons, land_fraction, boxes)
    else:
        report_absent(index.published, [tile.path.name for tile in index.tiles], index.pixel_size_m, cells)
    touching = np.unique(cells.query(boxes, predicate="intersects")[0])
    _report_empty(index, [index.tiles[number] for number in touching.tolist()])


def _report_empty(index: TileIndex, tiles: list[ElevationTile]) -> None:
    empty = [tile.path for tile in tiles if not holds_heights(tile, index.pixel_size_m)]
    if not empty:
        return
    if len(empty) == len(tiles):
        raise InputFileError(
            "No elevation tile on the cells holds a height.",
            path=empty[0].parent,
            field="values",
            got=f"{len(tiles)} tiles of nodata, such as {empty[0].name}",
            expected="heights in metres",
            fix="download the tiles again",
        )
    logger.warning(
        "ArcticDEM: %d of %d tiles on the cells hold no height, such as %s; what lies on them stays unknown",
        len(empty),
        len(tiles),
        empty[0].name,
    )
