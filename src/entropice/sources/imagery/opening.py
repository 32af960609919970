"""Numbers of a raster file, whole, or an error that says what is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import rasterio
from rasterio.errors import RasterioError

from entropice.errors import InputFileError
from entropice.raster.band_header import opened
from entropice.sources.imagery.tiff_tags import announced_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")


def from_raster(path: Path, read: Callable[[rasterio.DatasetReader], T]) -> T:
    """What a function reads of an open file.

    The file is closed when the function has returned.

    Raises
    ------
    InputFileError
        There is no such file, or it cannot be read to its end: it is shorter than its tags say (`announced_bytes`), or
        GDAL fails while the function reads. What the function raises itself passes.
    """
    if not path.is_file():
        raise InputFileError("There is no such image.", path=path, fix="correct the path, or fetch the file")
    n_bytes, announced = path.stat().st_size, announced_bytes(path)
    if n_bytes < announced:
        raise _truncated(path, f"{n_bytes} bytes", f"{announced} bytes or more, as its tags say")
    try:
        with opened(path) as source:
            return read(source)
    except RasterioError as error:
        raise _truncated(path, str(error.__cause__ or error), "a whole GeoTIFF") from error


def numbers_of(source: rasterio.DatasetReader, bands: list[int], dtypes: tuple[str, ...], path: Path) -> "NDArray[Any]":
    """Stored numbers of bands, shape (band, row, column).

    Bands are counted from 1, and come in the order given; the dtype is the file's.

    Raises
    ------
    InputFileError
        They are of another type than expected.
    """
    others = {source.dtypes[band - 1] for band in bands} - set(dtypes)
    if others:
        raise InputFileError(
            "The numbers are of another type than the product's: another scale, or another product.",
            path=path,
            field="type of numbers",
            got=", ".join(sorted(others)),
            expected=" or ".join(dtypes),
            fix="name the file's own product, or convert it (reflectance × 10,000: "
            f"gdal_translate -ot {dtypes[0]} -scale)",
        )
    numbers: NDArray[Any] = source.read(bands)
    return numbers


def require_finite(numbers: "NDArray[Any]", path: Path) -> None:
    """Refuse NaN and infinities.

    Raises
    ------
    InputFileError
        There are some.
    """
    n_others = int((~np.isfinite(numbers)).sum())
    if n_others:
        raise InputFileError(
            "The file holds numbers that are none.",
            path=path,
            field="values",
            got=f"{n_others} NaN or infinite",
            expected="finite numbers, and the nodata value where nothing is known",
            fix="gdalwarp -dstnodata with the product's nodata value",
        )


def require_no_infinity(numbers: "NDArray[Any]", path: Path) -> None:
    """Refuse infinities, which NaN would be where nothing is known.

    Raises
    ------
    InputFileError
        There are some.

    Examples
    --------
    >>> require_no_infinity(np.array([1.0, np.nan]), Path("tile.tif"))  # nothing is known there, which is no fault
    """
    n_infinite = int(np.isinf(numbers).sum())
    if n_infinite:
        raise InputFileError(
            "The file holds numbers that are none.",
            path=path,
            field="values",
            got=f"{n_infinite} infinite",
            expected="finite numbers, and the nodata value where nothing is known",
            fix="a logarithm of 0 is infinite: where no power came back nothing is known, so store NaN",
        )


def _truncated(path: Path, got: str, expected: str) -> InputFileError:
    return InputFileError(
        "The image cannot be read to its end.",
        path=path,
        field="file",
        got=got,
        expected=expected,
        fix="it is truncated or damaged: fetch or write it again",
    )
