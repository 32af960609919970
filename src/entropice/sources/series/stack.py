"""Maps of one grid as one array, of which only what is asked for is read."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import rasterio
from rasterio.windows import Window
from xarray.backends import BackendArray
from xarray.core.indexing import ExplicitIndexer, IndexingSupport, explicit_indexing_adapter

from entropice.sources.imagery.opening import from_raster
from entropice.types import Float32Array


class ReadWindow(Protocol):
    """How a window of an open file is read."""

    def __call__(self, source: rasterio.DatasetReader, /, window: Window, path: Path) -> Float32Array:
        """Values, float32, shape (row, column)."""


class RasterStack(BackendArray):
    """float32, shape (file, row, column); memory is that of the part that is asked for.

    Parameters
    ----------
    paths
        One file each.
    shape
        (rows, columns) of all of them.
    read
        Values of a window of an open file.
    """

    def __init__(self, paths: Sequence[Path], shape: tuple[int, int], read: ReadWindow) -> None:
        self.shape = (len(paths), *shape)
        self.dtype = np.dtype(np.float32)
        self._paths, self._read = paths, read

    def __getitem__(self, key: ExplicitIndexer) -> Any:
        """Values at an index of xarray's."""
        return explicit_indexing_adapter(key, self.shape, IndexingSupport.BASIC, self._at)

    def _at(self, key: tuple[int | slice, ...]) -> Float32Array:
        files, rows, columns = (_numbers(each, size) for each, size in zip(key, self.shape, strict=True))
        values = np.empty((len(files), len(rows), len(columns)), self.dtype)
        if values.size:
            window = Window.from_slices(_span(rows), _span(columns))
            within = np.ix_(*(np.array(numbers) - min(numbers) for numbers in (rows, columns)))
            for place, path in zip(values, (self._paths[number] for number in files), strict=True):
                place[:] = from_raster(path, partial(self._read, window=window, path=path))[within]
        return values[tuple(slice(None) if isinstance(each, slice) else 0 for each in key)]


def _numbers(key: int | slice, size: int) -> range:
    return range(size)[key] if isinstance(key, slice) else range(key, key + 1)


def _span(numbers: range) -> slice:
    return slice(min(numbers), max(numbers) + 1)
