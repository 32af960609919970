"""Rasters cut into tiles: each has whole cells, so that what it yields is final, quantiles included."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyproj
from rasterio.windows import Window

from entropice.errors import FeatureError
from entropice.pipelines.sources.rasters.headers import RasterBand, read_band
from entropice.pipelines.sources.rasters.parameters import RasterFile, RasterParameters
from entropice.pipelines.sources.rasters.placement import WEIGHT_BYTES_PER_VALUE, place
from entropice.pipelines.sources.rasters.reduction import (
    WINDOW_VALUES,
    CellGroup,
    Layer,
    Rasters,
    group_statistics,
    keeps_pixels,
)
from entropice.tiles.plan import Tile, TilePlan
from entropice.types import Geometries, IntArray

BYTES_PER_KEPT_PIXEL: Final = 48
"""Of the pixels whose quantiles are asked for: values and weights, once more in order."""

BYTES_PER_CELL: Final = 8192
"""Of a tile: shares of up to 255 categories while they are counted."""


def raster_plan(folder: Path, polygons: Geometries, years: Sequence[int], parameters: RasterParameters) -> TilePlan:
    """Tiles of cells whose middles lie in one square of `block_px` pixels, for each raster.

    Polygons are cells in EPSG:3413, (n_cells,), `years` label years. Each tile yields what `group_statistics` finds;
    keys are ``<number of the raster>_<name>_<number of the group>``. Every file's header is read before any tile is
    made.

    Raises
    ------
    FeatureError
        A raster of a year after every label year, or on which no cell lies.
    InputFileError, SchemaError
        A file that cannot be honoured (`headers.read_band`, `projected.pixel_polygons`).
    """
    for raster in parameters.files:
        _require_not_later(raster, years)
    layers = tuple(Layer(read_band(folder, raster), raster) for raster in parameters.files)
    groups = {
        layer.band.pixels: cell_groups(layer.band, polygons, parameters.block_px) for layer in _first_of_each(layers)
    }
    tiles = [
        _tile(f"{number:03d}_{layer.raster.name}_{group:05d}", number, layer, rows, windows)
        for number, layer in enumerate(layers)
        for group, (rows, windows) in enumerate(groups[layer.band.pixels])
    ]
    smaller_by = "lower features.rasters.block_px, or leave out medians and quantiles"
    return TilePlan("Rasters of the user's own", group_statistics, Rasters(layers, polygons), tuple(tiles), smaller_by)


def cell_groups(band: RasterBand, polygons: Geometries, block_px: int) -> list[tuple[IntArray, list[Window]]]:
    """Cells by the square that holds the middle of their first part, and the windows that cover them.

    A cell at a seam has parts far apart: there is a window for each square in which parts have their middles.

    Parameters
    ----------
    polygons
        Cells in EPSG:3413, shape (n_cells,).
    block_px
        Edge of the squares, in pixels.

    Returns
    -------
    list
        Of pairs: positions of the cells, int64, ascending, and windows of the raster in pixels. Each cell that lies on
        the raster is in one group, whole; those beside it are in none.

    Raises
    ------
    FeatureError
        No cell lies on the raster.
    SchemaError
        As `entropice.pipelines.sources.rasters.placement.place`.
    """
    cell, bounds = place(band, polygons).bounds_px()
    if not len(cell):
        raise _no_cell(band)
    _, square = np.unique((bounds[:, :2] + bounds[:, 2:]) // 2 // block_px, axis=0, return_inverse=True)
    _, first = np.unique(cell, return_index=True)
    home = np.zeros(len(polygons), dtype=np.int64)
    home[cell[first]] = square[first]
    order = np.lexsort((square, home[cell]))
    groups = np.split(order, np.flatnonzero(np.diff(home[cell][order])) + 1)
    return [(np.unique(cell[parts]), _windows(bounds[parts], square[parts])) for parts in groups]


def tile_bytes(layer: Layer, n_values: int, width: int) -> int:
    """Memory in bytes for the pixels of windows of that width at its peak; every cell takes `BYTES_PER_CELL` more.

    `n_values` is the number of pixels of all windows of a tile, `width` that of the widest, in pixels. Pixels of which
    quantiles are asked for are kept together, others are weighed some rows at a time.
    """
    weighed = min(n_values, max(WINDOW_VALUES, layer.band.block_rows * width))
    return WEIGHT_BYTES_PER_VALUE * weighed + (BYTES_PER_KEPT_PIXEL * n_values if keeps_pixels(layer.raster) else 0)


def _first_of_each(layers: Sequence[Layer]) -> Iterable[Layer]:
    """A layer for each pixel grid: those of a series share their weights' windows."""
    return {layer.band.pixels: layer for layer in reversed(layers)}.values()


def _windows(bounds: IntArray, square: IntArray) -> list[Window]:
    return [_around(bounds[square == number]) for number in np.unique(square)]


def _around(bounds: IntArray) -> Window:
    (west, first), (east, last) = bounds[:, :2].min(axis=0).tolist(), bounds[:, 2:].max(axis=0).tolist()
    return Window(west, first, east - west, last - first)


def _tile(key: str, number: int, layer: Layer, rows: IntArray, windows: list[Window]) -> Tile:
    n_values = sum(window.width * window.height for window in windows)
    width = max(window.width for window in windows)
    in_memory = tile_bytes(layer, n_values, width) + BYTES_PER_CELL * len(rows)
    return Tile(key, CellGroup(number, rows, tuple(windows)), n_values, in_memory)


def _require_not_later(raster: RasterFile, years: Sequence[int]) -> None:
    if raster.year is not None and raster.year > max(years):
        raise FeatureError(
            "No label year may see this raster: features of a year use nothing later than it.",
            path=raster.file,
            field="features.rasters.files.year",
            got=raster.year,
            expected=f"a year of {max(years)} or before, the last of features.years",
            fix="leave the raster out, or the year if it holds for all years",
        )


def _no_cell(band: RasterBand) -> FeatureError:
    n_rows, n_columns = band.shape
    corners = [tuple(band.affine * corner) for corner in [(0, 0), (n_columns, n_rows)]]
    return FeatureError(
        "No cell lies on the raster.",
        path=band.path,
        field="CRS, transform",
        got=f"corners {corners[0]} and {corners[1]} in {pyproj.CRS(band.crs).name}",
        expected="a raster that shares ground with the cells of grids.region",
        fix="check its CRS and place in a map, or leave it out",
    )
