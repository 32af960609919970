"""Raster files read window by window: one is reduced while the next one is on its way."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from entropice.errors import InputFileError
from entropice.raster.band_header import read_values
from entropice.raster.read_ahead import read_ahead
from entropice.zonal.moments import FloatBand

STRIP_VALUES: Final = 2**22
"""Values read at a time, where one row of the file's blocks is no more than that; two such strips are in memory."""


def strips(window: Window, block_rows: int, n_values: int = STRIP_VALUES) -> list[Window]:
    """Cut a window into whole rows, as many at a time as `n_values` allows, ending where rows of blocks end.

    Parameters
    ----------
    window
        Of a raster, in pixels.
    block_rows
        Rows of one of the file's blocks; at least as many are read at a time.
    n_values
        Values that a strip shall hold at most, where one row of blocks is no more than that.

    Returns
    -------
    list of Window
        From top to bottom; every row of the window in one of them, and no block in two but at the window's own edges.

    Examples
    --------
    Blocks of 4 rows, strips of 8 rows of 5 values at most; the window begins within a block.

    >>> from rasterio.windows import Window
    >>> [(strip.row_off, strip.height) for strip in strips(Window(0, 2, 5, 20), block_rows=4, n_values=40)]
    [(2, 6), (8, 8), (16, 6)]
    """
    n_rows = block_rows * max(1, n_values // (block_rows * window.width))
    first, stop = window.row_off, window.row_off + window.height
    edges = [first, *range((first // n_rows + 1) * n_rows, stop, n_rows), stop]
    return [Window(window.col_off, row, window.width, below - row) for row, below in pairwise(edges)]


def read_windows(path: Path, band: int, windows: Sequence[Window]) -> Iterator[FloatBand]:
    """Yield the values of a band in each window, reading one window ahead in a thread.

    Parameters
    ----------
    path
        A raster that GDAL reads.
    band
        Counted from 1.
    windows
        Rectangles within the raster, one or more.

    Yields
    ------
    FloatBand
        Shape (rows, columns) of the window, in the order of the windows: scaled as the file's header says, NaN where
        unknown; float32 where that holds every number of the stored type and nothing is scaled, else float64.

    Raises
    ------
    InputFileError
        A file that cannot be opened or read. As all errors here, it comes when values are asked for.
    IndexError
        The raster has fewer bands, or there are no windows.
    SchemaError
        A number such as −9999 that everywhere stands for "unknown", of which the header says nothing, as
        `entropice.raster.band_header.read_values` tells them.
    """
    try:
        yield from read_ahead([partial(_read, path, band, window) for window in windows])
    except RasterioError as error:
        raise InputFileError(
            f"The raster cannot be read ({error}).",
            path=path,
            field=f"pixels of band {band}",
            got="blocks that cannot be decoded",
            expected="all the pixels that the header states",
            fix="check the path; if the file is truncated or damaged, get it again",
        ) from error


def _read(path: Path, band: int, window: Window) -> FloatBand:
    """Read through a handle of its own: closing it frees the blocks that GDAL would keep, a whole raster soon."""
    with rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS"), rasterio.open(path) as source:
        return read_values(source, band, window)
