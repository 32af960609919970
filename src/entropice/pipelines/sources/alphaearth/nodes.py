"""Nodes of the embeddings of cells: a plan of squares, and what their results amount to."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.sources.alphaearth.parameters import EmbeddingParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.derive.cell_blocks import CellBlocks
    from entropice.derive.cube import Feature
    from entropice.sources.alphaearth.files import EmbeddingFiles
else:
    CellBlocks = EmbeddingFiles = Any


def plan_embeddings(
    embedding_files: EmbeddingFiles, cells: GeoDataFrame, years: list[int], parameters: EmbeddingParameters
) -> TilePlan:
    """Gather each square's layers of all years; each yields the moments of every dimension in the cells it touches.

    Saving the plan as the dataset ``embedding_moments`` carries it out: a folder of one npz a square, resumed where it
    was broken off. A warning tells of files of the publisher's index that lie near cells and are not here; without an
    index, of cells whose land lies on no file.

    Parameters
    ----------
    embedding_files
        int8 GeoTIFFs by year and UTM zone, of which headers have been read, and their index where there is one.
    cells
        ``geometry`` (EPSG:3413) and ``land_fraction``, a row a cell.
    years
        Label years; each takes the composite `parameters.year_lag` years before it.
    parameters
        Resolution of the pixels (m) and the lag (years).

    Raises
    ------
    FeatureError
        A composite year has no file.
    SchemaError
        A file has no pixels or overview of the resolution.
    """
    from entropice.derive.embeddings.moments import Embeddings, composite_years, embedding_plan
    from entropice.sources.alphaearth.files import report_absent, stack_layers
    from entropice.sources.alphaearth.pixels import read_strips, strip_values

    polygons, composites = cells.geometry.to_numpy(), composite_years(years, parameters.year_lag).values()
    stacks = stack_layers(embedding_files, parameters.resolution_m, composites)
    report_absent(embedding_files, composites, polygons, cells["land_fraction"].to_numpy())
    return embedding_plan(Embeddings(read_strips, polygons), stacks, strip_values)


def derive_embeddings(
    embedding_moments: TileResults,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: EmbeddingParameters,
) -> CellBlocks:
    """Mean and spread of the 64 dimensions over each cell in the composite year of each label year, and their norm.

    Parameters
    ----------
    embedding_moments
        Moments of each tile, as `derive.embeddings.moments` sums them.
    cells
        ``cell_id area_m2 land_fraction …``, a row a cell, sorted by id.
    grid
        Key of the grid, such as ``h3_4``.
    years
        Label years; each takes the composite `parameters.year_lag` years before it.
    min_known_fraction
        Of the land of a cell, 0 to 1: where known pixels cover less than this share, cell and year are NaN.
    parameters
        Resolution of the pixels (m) and the lag (years).

    Returns
    -------
    CellBlocks
        A cube with dimensions (cell, year), a float64 variable a feature: names as `feature_names` gives them, values
        as `derive.embeddings.features.embedding_features` defines them: mean and standard deviation (of a population)
        of each dimension over the pixels of the cell, each by the share of it inside, and the length of the mean
        vector, 0 to 1; without units.

    Raises
    ------
    FeatureError
        Ids of cells do not ascend.
    """
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.embeddings.features import embedding_features
    from entropice.derive.embeddings.moments import CELL_AXES, add_up, composite_years
    from entropice.derive.tiles_of_cells import TilesOfCells
    from entropice.dggs import parse_grid

    composites = composite_years(years, parameters.year_lag)
    cell_px = cells["area_m2"].to_numpy() / parameters.resolution_m**2
    tiles = TilesOfCells.of(embedding_moments, CELL_AXES)

    def features_of(where: slice) -> "list[Feature]":
        moments = add_up(tiles.within(where), where.stop - where.start, composites.values())
        return embedding_features([moments[composites[year]] for year in years], cell_px[where], parameters.year_lag)

    return cube_in_blocks(features_of, cells, parse_grid(grid).metadata, years, min_known_fraction)


def feature_names(_: EmbeddingParameters) -> list[str]:
    """What the features are called: ``embedding_00_mean`` to ``embedding_63_mean``, ``…_sd`` and ``embedding_norm``."""
    from entropice.derive.embeddings.features import embedding_names

    return embedding_names()
