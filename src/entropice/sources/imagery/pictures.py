"""Whether a file is a picture in colours, and which of its bands is none."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rasterio

from entropice.errors import InputFileError
from entropice.imagery.bands import RGB
from entropice.raster.band_header import PICTURES, band_headers
from entropice.types import BoolArray

if TYPE_CHECKING:
    from numpy.typing import NDArray


def require_picture_bands(source: rasterio.DatasetReader, path: Path) -> None:
    """Refuse a file that is not red, green, blue and, perhaps, transparency.

    Raises
    ------
    InputFileError
        Another number of bands; one of the first three is transparency, or said to be another colour; a fourth that
        the file does not call transparency; a value that stands for nothing.
    """
    headers = band_headers(source)
    count = f"{len(RGB)}, and perhaps a band of transparency"
    reorder = "put the bands into the order red, green, blue: gdal_translate -b"
    _require(
        len(RGB) <= len(headers) <= len(RGB) + 1, path, "bands", len(headers), count, "gdal_translate -b 1 -b 2 -b 3"
    )
    for number, (header, colour) in enumerate(zip(headers, RGB, strict=False), start=1):
        is_other = header.colour in PICTURES | {"alpha"} and header.colour != colour
        _require(not is_other, path, f"band {number}", header.colour, colour, reorder)
    for header in headers[len(RGB) :]:
        mark = "state what it is: gdal_edit.py -colorinterp_4 alpha; or leave it out: gdal_translate -b 1 -b 2 -b 3"
        _require(header.colour == "alpha", path, "band 4", header.colour, "alpha", mark)
    stated = [header.nodata for header in headers if header.nodata is not None]
    hide = "hide unknown pixels with a band of transparency (gdalwarp -dstalpha), since 0 is black and 255 white"
    _require(not stated, path, "nodata", stated, "none", hide)


def require_colours(stored: "NDArray[Any]", valid: BoolArray, path: Path) -> None:
    """Refuse bands (band, row, column) that are the same wherever they are known: a grey picture, or a mask.

    `valid` has the shape of `stored`; a pixel counts where all bands are known.

    Raises
    ------
    InputFileError
        Nothing is known, or all bands are equal.
    """
    known = valid.all(axis=0)
    fix = "fetch the picture in true colour"
    _require(bool(known.any()), path, "bands", "no pixel is known", "red, green and blue", fix)
    of_known = stored[:, known]
    is_grey = bool((of_known == of_known[0]).all())
    _require(not is_grey, path, "bands", f"{len(stored)} equal bands", "red, green and blue that differ", fix)


def _require(is_right: bool, path: Path, field: str, got: object, expected: object, fix: str) -> None:
    if not is_right:
        raise InputFileError(
            "The file is no picture in true colour.", path=path, field=field, got=got, expected=expected, fix=fix
        )
