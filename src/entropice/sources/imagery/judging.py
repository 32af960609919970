"""Whether a file is of the product that it is said to be."""

import math
from pathlib import Path

import numpy as np
import rasterio

from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.raster.band_header import BandHeader, band_header, band_headers
from entropice.raster.value_units import metres_of
from entropice.sources.imagery.descriptions import require_described
from entropice.sources.imagery.pictures import require_picture_bands
from entropice.sources.imagery.products import KNOWN_DESCRIPTIONS, Part, Product, standard_description


def require_header(source: rasterio.DatasetReader, product: Product, path: Path) -> None:
    """Refuse a header that contradicts the product.

    A header may leave out scale, offset, nodata, unit and, but for products that need them, descriptions. Descriptions
    are compared by `standard_description`; one that is no band's of any product is passed over. Scale and offset may
    differ by a millionth; units count for dB and metres alone. Of pictures `require_picture_bands` judges.

    Raises
    ------
    InputFileError
        Another number of bands; a band described as another one; another scale, offset, nodata value or unit.
    """
    if product.is_picture:
        require_picture_bands(source, path)
        return
    headers = band_headers(source)
    if product.is_described:
        require_described([header.description for header in headers], product, path)
    _require(source.count == len(product.file_bands), product, path, "bands", source.count, len(product.file_bands))
    stored_as = {number: part for part in product.parts for number in product.numbers_of(part)}
    for number, (header, file_band) in enumerate(zip(headers, product.file_bands, strict=True), start=1):
        said = standard_description(header.description)
        is_other = said in KNOWN_DESCRIPTIONS and said != standard_description(file_band)
        _require(not is_other, product, path, f"band {number}", header.description, file_band)
        _require_stored_as(stored_as.get(number, product.parts[0]), header, number, product, path)


def require_one_band(source: rasterio.DatasetReader, path: Path) -> None:
    """Refuse a file of several bands where one is meant.

    Raises
    ------
    InputFileError
        It has several.
    """
    if source.count != 1:
        fix = "keep the band that is meant: gdal_translate -b"
        _refuse("The file has several bands, and one is meant.", path, "bands", source.count, 1, fix)


def require_metres(source: rasterio.DatasetReader, nodata: float, path: Path) -> None:
    """Refuse a header that says of the first band's numbers that they are no heights in metres.

    A header may leave all of them out; `nodata` is the only value that it may state.

    Raises
    ------
    InputFileError
        A scale or offset, another unit, or another nodata value.
    """
    header = band_header(source, 1)
    for field, is_right, got, expected, fix in (
        (
            "scale, offset",
            not header.is_scaled,
            f"{header.scale:g}, {header.offset:g}",
            "1, 0",
            "gdal_translate -unscale",
        ),
        ("unit", header.unit == "" or metres_of(header.unit) == 1, header.unit, "m", "convert it with gdal_calc.py"),
        ("nodata", header.nodata in (None, nodata), header.nodata, nodata, f"gdalwarp -dstnodata {nodata:g}"),
    ):
        if not is_right:
            _refuse("The elevation is not stored as heights in metres.", path, field, got, expected, fix)


def _require_stored_as(part: Part, header: BandHeader, number: int, product: Product, path: Path) -> None:
    is_same_scale = not header.is_scaled or np.allclose(
        (header.scale, header.offset), (part.scale, part.offset), rtol=1e-6, atol=0
    )
    scales = f"{header.scale:g}, {header.offset:g}", f"{part.scale:g}, {part.offset:g}"
    _require(is_same_scale, product, path, f"scale, offset of band {number}", *scales)
    is_same_nodata = header.nodata is None or _is_same(header.nodata, product.nodata)
    _require(is_same_nodata, product, path, f"nodata of band {number}", header.nodata, product.nodata)
    unit = band_named(part.bands[0]).unit
    _require(_may_be(unit, header.unit), product, path, f"unit of band {number}", header.unit, unit)


def _may_be(unit: str, stated: str) -> bool:
    """Whether numbers may be in a unit, as far as a header says; of reflectances headers say all sorts of things."""
    is_said = {"dB": stated.lower() == "db", "m": metres_of(stated) == 1}
    return stated == "" or is_said.get(unit, True)


def _is_same(nodata: float, expected: float | None) -> bool:
    """Whether two numbers that say "unknown" are one; NaN is."""
    return nodata == expected or (expected is not None and math.isnan(nodata) and math.isnan(expected))


def _require(is_right: bool, product: Product, path: Path, field: str, got: object, expected: object) -> None:
    if not is_right:
        fix = f"name the file's own product, or put its bands into the order {', '.join(product.file_bands)}"
        _refuse(f"The file is not of the product {product.name}.", path, field, got, expected, fix)


def _refuse(what: str, path: Path, field: str, got: object, expected: object, fix: str) -> None:
    raise InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)
