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
    """Values of a window of an open file, float32, shape (row, column)."""

    def __call__(self, source: rasterio.DatasetReader, /, window: Window, path: Path) -> Float32Array: ...


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
        files, (rows, row), (columns, column) = key[0], *(map(_extent, key[1:], self.shape[1:]))
        window = Window.from_slices(rows, columns)
        chosen = self._paths[files] if isinstance(files, slice) else [self._paths[files]]
        parts = [from_raster(path, partial(self._read, window=window, path=path)) for path in chosen]
        values = np.stack(parts) if isinstance(files, slice) else parts[0]
        return values[..., row, column]


def _extent(key: int | slice, size: int) -> tuple[slice, int | slice]:
    """The part of an axis that holds what is asked for, and that within it."""
    if isinstance(key, slice):
        wanted = range(size)[key]
        first, last = (wanted[0], wanted[-1]) if wanted else (0, -1)
        start = min(first, last)
        return slice(start, max(first, last) + 1), _within(wanted, start)
    return slice(key, key + 1), 0


def _within(wanted: range, start: int) -> slice:
    shifted = [number - start for number in wanted[:1]]
    if not shifted:
        return slice(0, 0)
    stop = wanted[-1] - start + (1 if wanted.step > 0 else -1)
    return slice(shifted[0], stop if stop >= 0 else None, wanted.step)
