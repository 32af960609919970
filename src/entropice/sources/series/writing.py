"""Maps of a series as files, such as a virtual world's."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio

from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import StoredUnit
from entropice.types import Float32Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMPRESSED: Final = {"driver": "GTiff", "compress": "deflate", "num_threads": 1}


@dataclass(frozen=True)
class SeriesFile:
    """A raster of one band.

    Attributes
    ----------
    name
        Path below the folder of the series, such as ``hm/HM_1990.tif``.
    numbers
        As they are stored, shape (row, column).
    nodata
        Stored number where nothing is known; may be NaN.
    """

    name: str
    numbers: "NDArray[Any]"
    place: RasterPlace
    nodata: float


def stored_numbers(values: Float32Array, unit: StoredUnit) -> "tuple[NDArray[Any], float]":
    """Published values (NaN where unknown) as a unit stores them, in the first of its types, and what says unknown.

    Unknown is NaN in types of floats, and the largest number in those of integers, to which values are rounded. Shape
    stays.

    Examples
    --------
    >>> unit = StoredUnit("per_10000", 1e-4, ("uint16",), 0.0, 10_000.0)
    >>> numbers, nodata = stored_numbers(np.array([0.5, np.nan], dtype=np.float32), unit)
    >>> numbers.tolist(), nodata
    ([5000, 65535], 65535.0)
    """
    dtype = np.dtype(unit.dtypes[0])
    if dtype.kind == "f":
        return (values / unit.factor).astype(dtype), float("nan")
    nodata = np.iinfo(dtype).max
    numbers = np.where(np.isnan(values), nodata, np.round(values.astype(np.float64) / unit.factor))
    return numbers.astype(dtype), float(nodata)


def write_series_file(folder: Path, file: SeriesFile) -> None:
    """Write it below the folder; equal inputs give equal bytes.

    A GeoTIFF, compressed, of the dtype of its numbers; folders are made, and what stands there is replaced.
    """
    path, at = folder / file.name, file.place
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {"count": 1, "height": at.n_rows, "width": at.n_columns, "dtype": file.numbers.dtype}
    with rasterio.open(
        path, "w", crs=at.crs, transform=at.transform, nodata=file.nodata, **profile, **_COMPRESSED
    ) as target:
        target.write(file.numbers, 1)
