"""Nodes of the terrain of cells: a plan of blocks, and what their results amount to."""

from typing import TYPE_CHECKING, Any

from entropice.errors import ConfigError
from entropice.pipelines.sources.arcticdem.parameters import TerrainParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import Float32Array, GeoDataFrame

if TYPE_CHECKING:
    from entropice.derive.cell_blocks import CellBlocks
    from entropice.derive.cube import Feature
    from entropice.sources.arcticdem.tiles import TileIndex
else:
    CellBlocks = TileIndex = Any


def plan_terrain(elevation_tiles: TileIndex, cells: GeoDataFrame, parameters: TerrainParameters) -> TilePlan:
    """Cut the elevation tiles into blocks; each yields the moments of every terrain layer in the cells it touches.

    Saving the plan as the dataset ``terrain_moments`` carries it out: a folder of one npz a block, resumed where it was
    broken off. Results do not depend on the size of blocks. A warning names tiles of the publisher's index on cells
    that are not here (without an index, cells whose land lies on no tile), and tiles without a height.

    Parameters
    ----------
    elevation_tiles
        GeoTIFF tiles of one pixel grid, of which headers have been read; heights in metres.
    cells
        ``geometry`` (EPSG:3413) and ``land_fraction``, a row a cell.
    parameters
        Radii of neighbourhoods (m), edge of blocks (pixels) and device.

    Raises
    ------
    ConfigError
        CUDA is asked for, and there is none.
    InputFileError
        No tile on the cells holds a height, or one cannot be read or holds what are no heights.
    SchemaError
        The publisher's index lacks a column, or lists a tile twice.
    """
    from functools import partial

    from entropice.derive.terrain.blocks import Terrain, terrain_plan
    from entropice.sources.arcticdem.gaps import report_gaps
    from entropice.sources.arcticdem.tiles import plan_blocks, read_window

    _require_device(parameters.device)
    read, on_device = partial(read_window, elevation_tiles), partial(move_to_device, parameters.device)
    polygons = cells.geometry.to_numpy()
    report_gaps(elevation_tiles, polygons, cells["land_fraction"].to_numpy())
    terrain = Terrain(read, elevation_tiles.pixel_size_m, polygons, parameters.radii_m, on_device)
    return terrain_plan(terrain, plan_blocks(elevation_tiles, parameters.block_px))


def derive_terrain(
    terrain_moments: TileResults,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: TerrainParameters,
) -> CellBlocks:
    """Mean and spread of slope, aspect from true north, topographic position and more over each cell.

    Parameters
    ----------
    terrain_moments
        Results of the plan of `plan_terrain`.
    cells
        ``cell_id land_fraction``, sorted by id.
    grid, years
        Key of the grid, and label years: terrain is the same in all of them.
    min_known_fraction
        Of the land of a cell, 0 to 1: where known pixels cover less, the features are NaN.
    parameters
        Radii of neighbourhoods (m), as for the plan.

    Returns
    -------
    CellBlocks
        The dataset ``terrain_features``: a cube on (cell), a variable a feature, named as `feature_names` says, with
        its unit as an attribute; NaN where a cell holds no known pixel, or too few for `min_known_fraction`.

    Raises
    ------
    FeatureError
        Ids of cells do not ascend.
    """
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.terrain.blocks import CELL_AXES, add_up
    from entropice.derive.terrain.features import terrain_features
    from entropice.derive.terrain.layers import layer_names
    from entropice.derive.tiles_of_cells import TilesOfCells
    from entropice.dggs import parse_grid

    n_layers, tiles = len(layer_names(parameters.radii_m)), TilesOfCells.of(terrain_moments, CELL_AXES)

    def features_of(where: slice) -> "list[Feature]":
        moments, cell_px = add_up(tiles.within(where), n_layers, where.stop - where.start)
        return terrain_features(moments, cell_px, parameters.radii_m)

    return cube_in_blocks(features_of, cells, parse_grid(grid).metadata, years, min_known_fraction)


def move_to_device(device: str, values: Float32Array) -> Any:
    """Move an array of any shape to where terrain is computed: a worker looks for its own device.

    `device` is ``cpu``, ``cuda``, or ``auto``: a GPU where there is one. On the CPU the array stays as it is.

    Raises
    ------
    ValueError
        CUDA is asked for, and there is none.
    """
    from entropice.espa.devices import choose_place

    return choose_place(device).asarray(values)


def _require_device(device: str) -> None:
    from entropice.espa.devices import choose_place

    try:
        choose_place(device)
    except ValueError as error:
        raise ConfigError(
            "There is no CUDA device for the terrain.",
            field="features.terrain.device",
            got=device,
            expected="auto or cpu on this machine",
            fix="set features.terrain.device to auto, or install CuPy or PyTorch for CUDA beside a device",
        ) from error


def feature_names(parameters: TerrainParameters) -> list[str]:
    """What the features are called: statistics of single pixels' surroundings, then those of each radius.

    >>> from entropice.pipelines.sources.arcticdem.parameters import TerrainParameters
    >>> names = feature_names(TerrainParameters(radii_m=(1000.0,), device="cpu", block_px=64))
    >>> names[:2], names[-1]
    (['elevation_mean_m', 'elevation_sd_m'], 'dissection_1000m_mean')
    """
    from entropice.derive.terrain.features import terrain_statistics

    return [statistic.name for statistic in terrain_statistics(parameters.radii_m)]
