"""The publisher's index of ArcticDEM's mosaic tiles: which of them cells need, and which are not here."""

import logging
from collections.abc import Collection
from pathlib import Path, PurePath
from typing import Final

import numpy as np
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import SchemaError
from entropice.sources.files.vector import read_vector
from entropice.sources.slumps.cleaning import require_index_columns
from entropice.types import GeoDataFrame

logger = logging.getLogger(__name__)

NAMES: Final = "ArcticDEM_Mosaic_Index*"
SUFFIXES: Final = (".parquet", ".gpkg")
COLUMNS: Final = ("dem_id", "gsd")


def find_index(folder: Path) -> Path | None:
    """The index in a folder or one inside it, GeoParquet before GeoPackage; None where there is none.

    It is called ``ArcticDEM_Mosaic_Index*``; of several the first by path.
    """
    found = [path for path in sorted(folder.rglob(NAMES)) if path.suffix in SUFFIXES]
    return min(found, key=lambda path: SUFFIXES.index(path.suffix), default=None)


def read_index(path: Path) -> GeoDataFrame:
    """Read the rows of an index: ``dem_id`` (unique), ``gsd`` (pixel size in m), footprints in EPSG:3413, and the rest.

    Only corners are projected, so footprints are right at the antimeridian and the pole, where their longitudes jump.

    Raises
    ------
    InputFileError
        A file that cannot be read.
    SchemaError
        A column is absent, or a tile is listed twice.
    """
    table = read_vector(path)
    require_index_columns(
        table,
        COLUMNS,
        path,
        "elevation tiles",
        "use the index of the mosaics that the Polar Geospatial Center publishes",
    )
    repeated = table.loc[table["dem_id"].duplicated(), "dem_id"]
    if len(repeated):
        raise SchemaError(
            "The index of the elevation tiles lists tiles twice.",
            path=path,
            field="dem_id",
            got=f"{len(repeated)} repeated rows",
            expected="one row a tile",
            sample=repeated.head().tolist(),
            fix="download the index again",
        )
    polar = table.to_crs(POLAR_CRS)
    return polar.set_geometry(shapely.make_valid(polar.geometry.to_numpy()), crs=POLAR_CRS)


def needed_tiles(index: GeoDataFrame, pixel_size_m: float, cells: shapely.STRtree) -> GeoDataFrame:
    """Rows of a pixel size whose footprints touch a cell (polygons in EPSG:3413).

    In the order of the index; ``gsd`` equals `pixel_size_m` exactly, and sharing an edge or a corner is touching.

    Examples
    --------
    >>> from geopandas import GeoDataFrame
    >>> squares = shapely.box([0, 10, 0], 0, [10, 20, 10], 10)
    >>> index = GeoDataFrame({"dem_id": ["a", "b", "c"], "gsd": [10.0, 10.0, 32.0]}, geometry=squares)
    >>> cells = shapely.STRtree(shapely.box([2], 2, 4, 4))
    >>> needed_tiles(index, 10.0, cells)["dem_id"].tolist()  # c has other pixels
    ['a']
    """
    of_size = index[index["gsd"] == pixel_size_m]
    touching, _ = cells.query(of_size.geometry.to_numpy(), predicate="intersects")
    return of_size.iloc[np.unique(touching)]


def report_absent(published: Path, names: Collection[str], pixel_size_m: float, cells: shapely.STRtree) -> list[str]:
    """Log how many tiles the cells need, and warn of those that are not among the names of files here.

    Parameters
    ----------
    published
        The publisher's index.
    names
        Of files; ``<dem_id>.tif`` or ``<dem_id>_dem.tif``.
    pixel_size_m
        Of the tiles.
    cells
        Tree of polygons in EPSG:3413.

    Returns
    -------
    list of str
        ``dem_id`` of the absent tiles, in the order of the index.

    Raises
    ------
    InputFileError, SchemaError
        The index cannot be used (`read_index`).
    """
    index = read_index(published)
    needed = needed_tiles(index, pixel_size_m, cells)["dem_id"].tolist()
    here = {PurePath(name).stem.removesuffix("_dem") for name in names}
    absent = [dem_id for dem_id in needed if dem_id not in here]
    logger.info(
        "ArcticDEM: cells need %d of %d tiles in the index, %d are absent", len(needed), len(index), len(absent)
    )
    if absent:
        logger.warning(
            "ArcticDEM: %d tiles on the cells are not here, such as %s; what lies on them stays unknown",
            len(absent),
            absent[0],
        )
    return absent
