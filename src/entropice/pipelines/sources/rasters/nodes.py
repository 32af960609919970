"""Nodes of rasters of the user's own: a plan of groups of cells, and what their results amount to."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.pipelines.sources.rasters.parameters import RasterParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.derive.cell_blocks import CellBlocks
    from entropice.derive.cube import Feature
else:
    CellBlocks = Any


def plan_rasters(raster_files: Path, cells: GeoDataFrame, years: list[int], parameters: RasterParameters) -> TilePlan:
    """Gather cells by the pixels they need; each group yields the statistics of one raster in its cells.

    Saving the plan as the dataset ``raster_statistics`` carries it out: a folder of one npz for each raster and group
    of cells, resumed where it was broken off. Results do not depend on the size of the groups.

    Parameters
    ----------
    raster_files
        Folder of the user's rasters, in any format and CRS; the parameters name those in it that are read.
    cells
        Column ``geometry`` (EPSG:3413), a row a cell.
    years
        Label years.
    parameters
        Files with their bands, units, statistics and years, and the edge of the squares (pixels).

    Raises
    ------
    FeatureError
        A raster is of a year after every label year, or no cell lies on it.
    InputFileError, SchemaError
        A file is not there or cannot be honoured: before a pixel is read.
    """
    from entropice.pipelines.sources.rasters.planning import raster_plan

    return raster_plan(raster_files, cells.geometry.to_numpy(), years, parameters)


def derive_rasters(
    raster_statistics: TileResults,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: RasterParameters,
) -> CellBlocks:
    """Statistics of each raster over each cell, or the shares of its area that each category has.

    Parameters
    ----------
    raster_statistics
        Results of the plan of `plan_rasters`.
    cells
        ``cell_id land_fraction``, sorted by id.
    grid, years
        Key of the grid, and label years: each sees the latest raster of a name that is not of a later year.
    min_known_fraction
        Of the land of a cell, 0 to 1: where known pixels cover less, the features are NaN.
    parameters
        Files, statistics and categories, as for the plan.

    Returns
    -------
    CellBlocks
        The dataset ``raster_features``: a cube on (cell), or (cell, year) of rasters with years; a variable a feature,
        ``<name>_<statistic>_<unit>`` or ``<name>_<category>_fraction``. Pixels count by the share of them that lies in
        the cell; shares of categories are of the known area. NaN where nothing is known.

    Raises
    ------
    FeatureError
        Two features have one name, or ids of cells do not ascend.
    """
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.tiles_of_cells import TilesOfCells
    from entropice.dggs import parse_grid
    from entropice.pipelines.sources.rasters.features import CELL_AXES, gather, keys_of, raster_features

    tiles, keys = TilesOfCells.of(raster_statistics, CELL_AXES), keys_of(raster_statistics, parameters.files)

    def features_of(where: slice) -> "list[Feature]":
        statistics = gather(tiles.within(where), parameters.files, keys, where.stop - where.start)
        return raster_features(statistics, parameters, years)

    return cube_in_blocks(features_of, cells, parse_grid(grid).metadata, years, min_known_fraction)
