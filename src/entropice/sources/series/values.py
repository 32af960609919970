"""Values of a map as its declared unit says, or an error that names the file."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from entropice.errors import InputFileError
from entropice.raster.band_header import band_header, read_values
from entropice.sources.imagery.judging import require_one_band
from entropice.sources.imagery.placing import RasterPlace, raster_place
from entropice.sources.series.declaration import RasterProduct, StoredUnit
from entropice.types import Float32Array, FloatArray

N_LOOKS = 64
"""Blocks of a file that are looked at before all work; all of most files."""


def require_map(source: rasterio.DatasetReader, product: RasterProduct, unit: StoredUnit, path: Path) -> RasterPlace:
    """Where the pixels of an open file lie, which is a map of the product in the declared unit as far as is seen.

    `source` is open, and `path` named in messages. A CRS is compared by its text, such as ``EPSG:3413``. Of n blocks of
    the file, in its own order, the first and every ⌈n / 64⌉-th after it are looked at (64 at most, `N_LOOKS`); nodata,
    masked pixels and the product's flags are no values there.

    Raises
    ------
    InputFileError
        An alpha band, or several bands; no CRS, or another than the product's; numbers of another type or on another
        scale than the unit's; in a block that is looked at, a number beyond the unit's range.
    SchemaError
        In such a block, a number that everywhere stands for "unknown", of which the header says nothing
        (`read_values`).
    """
    header = band_header(source, 1)
    if header.alpha is not None:
        _refuse(
            path, "bands", f"an alpha band ({header.alpha})", "one band of values", "gdal_translate -b 1 -mask none"
        )
    require_one_band(source, path)
    at = raster_place(source, path)
    if at.crs not in product.crs:
        # a mean of a value and a flag is neither
        how = "near" if product.flags else "average"
        _refuse(path, "CRS", at.crs, " or ".join(product.crs), f"gdalwarp -t_srs {product.crs[0]} -r {how}")
    if header.dtype not in unit.dtypes:
        fix = f"declare the unit that the file has ({', '.join(each.name for each in product.units)})"
        _refuse(path, "type of numbers", header.dtype, f"{' or '.join(unit.dtypes)}, as unit {unit.name} has", fix)
    if header.is_scaled and not np.allclose((header.scale, header.offset), (unit.factor, 0), rtol=1e-6, atol=0):
        got, fix = (
            f"{header.scale:g}, {header.offset:g}",
            "declare the unit that the file has, or gdal_edit.py -scale 1",
        )
        _refuse(path, "scale, offset", got, f"{unit.factor:g}, 0, as unit {unit.name} has", fix)
    _look(source, product, unit, path)
    return at


def values_of(
    source: rasterio.DatasetReader, window: Window, path: Path, product: RasterProduct, unit: StoredUnit
) -> Float32Array:
    """Values of a window in the unit of the band, float32; NaN where nothing is known, and where a flag says why.

    Shape (row, column) of the window: a stored number times the unit's factor and the product's `band_factor`. Both
    bounds of the range are inclusive.

    `source` is open; `path` is named in messages.

    Raises
    ------
    InputFileError
        A number beyond the declared unit's range.
    SchemaError
        A number that everywhere stands for "unknown", of which the header says nothing.
    """
    stored = _stored(source, window, unit)
    stored[np.isin(stored, list(product.flags))] = np.nan
    is_beyond = (stored < unit.lowest) | (stored > unit.highest)
    if is_beyond.any():
        raise InputFileError(
            f"The file is not in the declared unit {unit.name}, or its nodata value is not stated.",
            path=path,
            field="values",
            got=f"{np.count_nonzero(is_beyond)} pixels beyond",
            expected=f"{unit.lowest:g} to {unit.highest:g}",
            sample=[f"{number:g}" for number in np.unique(stored[is_beyond])],
            fix="declare the unit that the file has; or state what says unknown with gdal_edit.py -a_nodata",
        )
    return (stored * unit.factor * product.band_factor).astype(np.float32)


def _stored(source: rasterio.DatasetReader, window: Window, unit: StoredUnit) -> FloatArray:
    values = read_values(source, 1, window).astype(np.float64)
    # where the header states the scale, GDAL's reader has applied it
    return np.round(values / unit.factor, 3) if band_header(source, 1).is_scaled else values


def _look(source: rasterio.DatasetReader, product: RasterProduct, unit: StoredUnit, path: Path) -> None:
    windows = [window for _, window in source.block_windows(1)]
    for window in windows[:: -(-len(windows) // N_LOOKS)]:
        values_of(source, window, path, product, unit)


def _refuse(path: Path, field: str, got: str, expected: str, fix: str) -> None:
    raise InputFileError(
        "The file is no map of the product.", path=path, field=field, got=got, expected=expected, fix=fix
    )
