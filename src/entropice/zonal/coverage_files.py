"""Weights kept in files, so that the next band, year or run need not compute them."""

import hashlib
import io
import os
import zipfile
from pathlib import Path
from threading import get_ident
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from entropice.errors import InputFileError
from entropice.types import CellIds, Geometries
from entropice.zonal.clipping import Borders, Runs
from entropice.zonal.coverage import Coverage, cell_coverage

FORMAT_VERSION: Final = 1
"""To be raised with every change of what the weights are or how they are stored."""


def coverage_key(grid: str, cell_ids: CellIds, polygons: Geometries, transform: Affine, shape: tuple[int, int]) -> str:
    """SHA-256 (hexadecimal) of everything that the weights depend on.

    That is: format version, the grid's key (``h3_6``), the ids of the cells and their geometry in their order, and
    the tile's transform and shape. The CRS is in the vertices.
    """
    tile = [*map(float, tuple(transform)[:6]), *map(int, shape)]
    digest = hashlib.sha256(repr((FORMAT_VERSION, grid, tile)).encode())
    digest.update(np.ascontiguousarray(cell_ids, dtype="<u8").tobytes())
    digest.update(b"".join(shapely.to_wkb(polygons, byte_order=1)))
    return digest.hexdigest()


def stored_coverage(
    folder: Path, grid: str, cell_ids: CellIds, polygons: Geometries, transform: Affine, shape: tuple[int, int]
) -> Coverage:
    """`cell_coverage`, read from ``<folder>/<coverage_key>.npz`` where that file is, else computed and written there.

    Raises
    ------
    InputFileError
        A damaged file.
    """
    key = coverage_key(grid, cell_ids, polygons, transform, shape)
    path = folder / f"{key}.npz"
    if path.exists():
        return load_coverage(path, key)
    coverage = cell_coverage(polygons, transform, shape)
    save_coverage(coverage, path, key)
    return coverage


def save_coverage(coverage: Coverage, path: Path, key: str) -> None:
    """Write the weights with their key; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".partial-{os.getpid()}-{get_ident()}-{path.name}")
    try:
        with temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, key=np.array(key), **_arrays(coverage))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load_coverage(path: Path, key: str) -> Coverage:
    """Read weights.

    Raises
    ------
    InputFileError
        A missing or damaged file, or one with another key.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name.removesuffix(".npy"): _array(archive.read(name)) for name in archive.namelist()}
        found, coverage = str(arrays["key"]), _coverage(arrays)
    except (OSError, RuntimeError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _unusable(path, str(error), "the weights of cells on a raster tile") from error
    if found != key:
        raise _unusable(path, f"key {found}", f"key {key}")
    return coverage


def _arrays(coverage: Coverage) -> dict[str, NDArray[Any]]:
    return {
        "transform": np.array(coverage.transform),
        "shape": np.array(coverage.shape),
        "run_starts": coverage.run_starts,
        "border_starts": coverage.border_starts,
        **{f"run_{name}": values for name, values in coverage.runs._asdict().items()},
        **{f"border_{name}": values for name, values in coverage.borders._asdict().items()},
    }


def _array(data: bytes) -> NDArray[Any]:
    """Parse a member of the archive after its checksum has been verified, which `np.load` does only afterwards."""
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    return array


def _coverage(arrays: dict[str, NDArray[Any]]) -> Coverage:
    return Coverage(
        tuple(arrays["transform"].tolist()),
        tuple(arrays["shape"].tolist()),
        arrays["run_starts"],
        Runs(*(arrays[f"run_{name}"] for name in Runs._fields)),
        arrays["border_starts"],
        Borders(*(arrays[f"border_{name}"] for name in Borders._fields)),
    )


def _unusable(path: Path, got: str, expected: str) -> InputFileError:
    return InputFileError(
        "The file of stored weights is damaged or belongs to other cells or another tile.",
        path=path,
        got=got,
        expected=expected,
        fix="delete it; it will be computed again",
    )
