"""AlphaEarth's pixels, strip by strip, as they are stored."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from entropice.errors import InputFileError, SchemaError
from entropice.raster.read_ahead import read_ahead
from entropice.sources.alphaearth.files import AS_WRITTEN, MASKED, N_BANDS, EmbeddingLayer
from entropice.sources.alphaearth.lengths import FINEST, require_unit_vectors

STRIP_VALUES: Final = 2**24
"""Values read at a time, where one row of the file's blocks is no more than that; two such strips are in memory."""

Strip = tuple[int, NDArray[np.int8]]


def read_strips(layer: EmbeddingLayer) -> Iterator[Strip]:
    """Yield the first row and values, shape (64, n_rows, n_columns), of each strip, reading one ahead in a thread.

    Rows come in the order of the file, which in a bottom-up one is from south to north. Values are int8, the codes as
    they are stored, −128 in all bands of a masked pixel. Together the strips are the layer, each row once. A strip is
    as many whole rows of the file's blocks as hold 2²⁴ values, at least one; the last one may be lower.

    Raises
    ------
    InputFileError
        A file that cannot be read.
    SchemaError
        A file changed since its header was read, a pixel that is masked in some bands only, or vectors that do not have
        length 1: averaged codes, another quantisation, or zeros for masked.
    """
    windows = _windows(layer)
    reads = [partial(_read, layer, window) for window in windows]
    for window, values in zip(windows, read_ahead(reads), strict=True):
        yield window.row_off, values


def strip_values(layer: EmbeddingLayer) -> int:
    """Values of the largest strip that `read_strips` gives of a layer: rows × columns × 64 bands, one byte each."""
    return _strip_rows(layer) * layer.raster.shape[1] * N_BANDS


def _windows(layer: EmbeddingLayer) -> list[Window]:
    (n_rows, n_columns), step = layer.raster.shape, _strip_rows(layer)
    return [Window(0, row, n_columns, min(step, n_rows - row)) for row in range(0, n_rows, step)]


def _strip_rows(layer: EmbeddingLayer) -> int:
    """Whole blocks."""
    n_rows, n_columns = layer.raster.shape
    n_blocks = max(1, STRIP_VALUES // (layer.block_rows * n_columns * N_BANDS))
    return min(n_rows, n_blocks * layer.block_rows)


def _read(layer: EmbeddingLayer, window: Window) -> NDArray[np.int8]:
    """Read through a handle of its own: closing it frees the blocks that GDAL would keep."""
    options = {} if layer.overview is None else {"overview_level": layer.overview}
    try:
        with rasterio.Env(**AS_WRITTEN), rasterio.open(layer.path, **options) as source:
            _require_unchanged(layer, source)
            values: NDArray[np.int8] = source.read(window=window)
    except RasterioError as error:
        raise InputFileError(
            f"The AlphaEarth file cannot be read ({error}).",
            path=layer.path,
            field=f"rows {window.row_off} to {window.row_off + window.height - 1} of the {_pixels(layer)}",
            got="pixels that cannot be decoded",
            expected=f"{N_BANDS} bands of {layer.raster.shape} pixels",
            fix="it is truncated or damaged: download it again and compare its size with the source",
        ) from error
    # Masks first: a pixel masked in some bands only has a wrong length, too, and would be blamed on averaged codes.
    _require_whole_masks(layer, values)
    require_unit_vectors(layer.path, _pixels(layer), values, values[0] != MASKED, window.row_off)
    return values


def _pixels(layer: EmbeddingLayer) -> str:
    return FINEST if layer.overview is None else f"overview of {layer.raster.transform[0]:g} m"


def _require_unchanged(layer: EmbeddingLayer, source: rasterio.DatasetReader) -> None:
    found = (tuple(source.transform)[:6], source.shape, source.count, source.dtypes[0])
    expected = (layer.raster.transform, layer.raster.shape, N_BANDS, "int8")
    if found != expected:
        raise SchemaError(
            "The AlphaEarth file is not what its header said before.",
            path=layer.path,
            field="transform, shape, bands, dtype",
            got=found,
            expected=expected,
            fix="it was replaced while it was in use, or an overview has another shape: get it again",
        )


def _require_whole_masks(layer: EmbeddingLayer, values: NDArray[np.int8]) -> None:
    first = values[0] == MASKED
    differing = [band for band in range(1, N_BANDS) if not np.array_equal(values[band] == MASKED, first)]
    if differing:
        n_pixels = np.count_nonzero((values[differing[0]] == MASKED) != first)
        raise SchemaError(
            "Pixels are masked in some bands only, which AlphaEarth never does.",
            path=layer.path,
            field="bands",
            got=f"{n_pixels} pixels differ between A00 and A{differing[0]:02d}",
            expected=f"{MASKED} in all {N_BANDS} bands or in none",
            fix="the file is damaged: download it again",
        )
