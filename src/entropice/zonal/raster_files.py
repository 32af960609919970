"""Raster files reduced over cells while they are read: one strip is summed while the next one is on its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from entropice.errors import InputFileError, SchemaError
from entropice.raster.read_ahead import read_ahead
from entropice.zonal import histograms, moments
from entropice.zonal.coverage import Coverage
from entropice.zonal.histograms import Histograms
from entropice.zonal.moments import Moments

STRIP_VALUES: Final = 2**22
"""Values read at a time, where one row of the file's blocks is no more than that; two such strips are in memory."""


@dataclass(frozen=True)
class Strip:
    """Some rows of a raster file.

    Attributes
    ----------
    first_row
        Where they begin.
    bands
        Values, shape (n_bands, n_rows, n_columns).
    nodata
        The value that says "unknown" in each band, or None.
    """

    first_row: int
    bands: NDArray[Any]
    nodata: Sequence[float | None]


def file_moments(path: Path, coverage: Coverage, bands: Sequence[int] = (1,)) -> list[Moments]:
    """Moments of bands of a file in all cells; memory is two strips and the weights.

    Parameters
    ----------
    path
        A raster that GDAL reads; NaN and the nodata value of its header have no weight. Integers are read as floats
        that hold them exactly.
    coverage
        Weights of the cells on this raster.
    bands
        Counted from 1.

    Raises
    ------
    InputFileError
        A file that cannot be opened or read.
    SchemaError
        A file of another transform or shape than the weights, or without one of the bands.
    """
    totals = [Moments.empty(coverage.n_cells) for _ in bands]
    for strip in read_strips(path, coverage, bands):
        values = strip.bands.astype(np.result_type(strip.bands, np.float32), copy=False)
        for total, band, nodata in zip(totals, values, strip.nodata, strict=True):
            moments.add_strip(total, coverage, band, strip.first_row, nodata)
    return totals


def file_histograms(path: Path, coverage: Coverage, bands: Sequence[int] = (1,)) -> list[Histograms]:
    """Histograms of bands of one byte; parameters, memory and errors are those of `file_moments`."""
    totals: list[Histograms] = []
    for strip in read_strips(path, coverage, bands):
        totals = totals or [Histograms.empty(coverage.n_cells, strip.bands.dtype) for _ in bands]
        for total, band, nodata in zip(totals, strip.bands, strip.nodata, strict=True):
            histograms.add_strip(total, coverage, band, strip.first_row, nodata)
    return totals


def read_strips(path: Path, coverage: Coverage, bands: Sequence[int]) -> Iterator[Strip]:
    """Yield a file's rows from first to last, whole rows of its blocks at a time, reading one strip ahead in a thread.

    A strip's values stand until the next strip is asked for: two arrays are filled in turn, because fresh memory costs
    as much as reading it. Parameters and errors are those of `file_moments`.
    """
    try:
        with rasterio.open(path) as source:
            _require_match(path, source, coverage, bands)
            windows, nodata = _windows(source, len(bands)), [source.nodatavals[band - 1] for band in bands]
            shape = len(bands), windows[0].height, source.width
            dtype = np.result_type(*(source.dtypes[band - 1] for band in bands))
        buffers = cycle([np.empty(shape, dtype), np.empty(shape, dtype)])
        reads = [partial(_read, path, bands, *each) for each in zip(windows, buffers, strict=False)]
        for window, values in zip(windows, read_ahead(reads), strict=True):
            yield Strip(window.row_off, values, nodata)
    except RasterioError as error:
        raise InputFileError(
            f"The raster cannot be read ({error}).",
            path=path,
            fix="check the path; if the file is truncated or damaged, get it again",
        ) from error


def _read(path: Path, bands: Sequence[int], window: Window, buffer: NDArray[Any]) -> NDArray[Any]:
    """Read a strip through a handle of its own: closing it frees the blocks that GDAL would keep, a whole tile soon."""
    with rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS"), rasterio.open(path) as source:
        values: NDArray[Any] = source.read(list(bands), window=window, out=buffer[:, : window.height])
    return values


def _windows(source: rasterio.DatasetReader, n_bands: int) -> list[Window]:
    """Rectangles over all columns that begin and end with the file's blocks."""
    block_rows = source.block_shapes[0][0]
    n_rows = block_rows * max(1, STRIP_VALUES // (block_rows * source.width * n_bands))
    return [Window(0, row, source.width, min(n_rows, source.height - row)) for row in range(0, source.height, n_rows)]


def _require_match(path: Path, source: rasterio.DatasetReader, coverage: Coverage, bands: Sequence[int]) -> None:
    absent = sorted(set(bands) - set(source.indexes))
    for field, got, expected in [
        ("transform", tuple(source.transform)[:6], coverage.transform),
        ("shape", source.shape, coverage.shape),
        ("bands", f"no band {absent}" if absent else "all bands", "all bands"),
    ]:
        if got != expected:
            raise SchemaError(
                "The raster does not fit the weights.",
                path=path,
                field=field,
                got=got,
                expected=expected,
                fix="compute the weights with this raster's transform and shape, and ask for bands it has",
            )
