"""Whether a file is of the product that it is said to be."""

from pathlib import Path
from typing import Final

import numpy as np
import rasterio

from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.raster.band_header import band_header, band_headers
from entropice.raster.value_units import metres_of
from entropice.sources.imagery.pictures import require_picture_bands
from entropice.sources.imagery.products import KNOWN_DESCRIPTIONS, Product, standard_description
from entropice.types import BoolArray, Float32Array

DARKEST: Final = 0.026
"""Some pixel of some band reaches this in every image, and none where display values of 0 to 255 are × 10,000."""

MAX_SHARE_BEYOND: Final = 0.01
"""Glints on water and roofs exceed what a reflectance can be; more of them is another scale."""


def require_header(source: rasterio.DatasetReader, product: Product, path: Path) -> None:
    """Refuse a header that contradicts the product.

    Raises
    ------
    InputFileError
        Another number of bands; a band described as another one; another scale, offset or nodata value.
    """
    if product.is_picture:
        require_picture_bands(source, path)
        return
    _require(source.count == len(product.file_bands), product, path, "bands", source.count, len(product.file_bands))
    headers = band_headers(source)
    for number, (header, file_band) in enumerate(zip(headers, product.file_bands, strict=True), start=1):
        said = standard_description(header.description)
        is_other = said in KNOWN_DESCRIPTIONS and said != standard_description(file_band)
        _require(not is_other, product, path, f"band {number}", header.description, file_band)
        is_same_scale = not header.is_scaled or np.allclose(
            (header.scale, header.offset), (product.scale, product.offset), rtol=1e-6, atol=0
        )
        scales = f"{header.scale:g}, {header.offset:g}", f"{product.scale:g}, {product.offset:g}"
        _require(is_same_scale, product, path, f"scale, offset of band {number}", *scales)
        is_same_nodata = header.nodata is None or header.nodata == product.nodata
        _require(is_same_nodata, product, path, f"nodata of band {number}", header.nodata, product.nodata)


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


def require_reflectances(values: Float32Array, valid: BoolArray, bands: tuple[str, ...], path: Path) -> None:
    """Refuse reflectances (band, row, column) that are none.

    Raises
    ------
    InputFileError
        A band without values, or with one value throughout; a scale on which land is black or beyond white.
    """
    for band, of_band, is_known in zip(bands, values, valid, strict=True):
        known = of_band[is_known]
        if known.size == 0:
            _refuse(
                "A band is missing.", path, band, "no known pixel", "values", "fetch the file again, or leave it out"
            )
        if known.size > 1 and known.min() == known.max():
            _refuse("A band is constant.", path, band, f"{known[0]:g} throughout", "values that differ", "leave it out")
        beyond = float((known > band_named(band).high).mean())
        if beyond > MAX_SHARE_BEYOND:
            got = f"{beyond:.0%} of pixels above {band_named(band).high:g}"
            _refuse_scale(path, band, got)
    brightest = float(values[valid].max())
    if brightest < DARKEST:
        _refuse_scale(path, ", ".join(bands), f"nothing above {brightest:.4f}")


def _refuse_scale(path: Path, field: str, got: str) -> None:
    fix = "name the product whose scale the file has; display values (0 to 255) hold no reflectance"
    _refuse("Reflectances are at another scale.", path, field, got, "reflectances of land, about 0.02 to 0.6", fix)


def _require(is_right: bool, product: Product, path: Path, field: str, got: object, expected: object) -> None:
    if not is_right:
        fix = f"name the file's own product, or put its bands into the order {', '.join(product.file_bands)}"
        _refuse(f"The file is not of the product {product.name}.", path, field, got, expected, fix)


def _refuse(what: str, path: Path, field: str, got: object, expected: object, fix: str) -> None:
    raise InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)
