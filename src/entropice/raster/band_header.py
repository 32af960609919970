"""What the header of a raster's band says of its values, and the values read as it says.

Headers are those that GDAL sees: in the file, in an ``.aux.xml`` or ``.msk`` beside it, or in a VRT.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError
from rasterio.windows import Window

from entropice.errors import SchemaError
from entropice.types import BoolArray, Float32Array, FloatArray

PICTURES: Final = frozenset({"palette", "red", "green", "blue", "cyan", "magenta", "yellow", "black"})
"""Colour interpretations of bands that hold colours."""

UNKNOWN_NUMBERS: Final = (-9999.0, -99_999.0, -999_999.0, -32_767.0, -32_768.0, -(2.0**31))
"""Numbers that stand for "unknown" wherever they are the lowest of a band."""

LARGEST_NUMBER: Final = 1e20
"""From here on numbers are fillings of formats and programs, not measurements."""


@dataclass(frozen=True)
class BandHeader:
    """What a header says of a band.

    Attributes
    ----------
    dtype
        Type of the stored numbers, as rasterio names it.
    scale, offset
        A value is a stored number times `scale`, plus `offset`.
    unit
        Of the values; empty where none is stated.
    nodata
        Stored number that says "unknown"; None where there is none.
    has_mask
        Whether a mask of the whole raster says which pixels are known, apart from `nodata`.
    alpha
        Number of the band of the raster that is 0 where nothing is known; None where there is none.
    colour
        Colour interpretation: ``gray``, ``undefined``, ``palette``, ``red``, ``alpha`` and so on.
    description
        Name of the band; empty where it has none.
    """

    dtype: str
    scale: float
    offset: float
    unit: str
    nodata: float | None
    has_mask: bool
    alpha: int | None
    colour: str
    description: str

    @property
    def is_scaled(self) -> bool:
        """Whether stored numbers are not the values themselves: a scale other than 1, or an offset other than 0."""
        return (self.scale, self.offset) != (1.0, 0.0)

    @property
    def is_complex(self) -> bool:
        """Whether the numbers have an imaginary part."""
        return "complex" in self.dtype


@contextmanager
def opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """A raster whose header is to be judged: one without a place is no reason for a warning of the library's.

    What may lie beside it is asked for by name: to list a folder of thousands of tiles takes as long as to read one.

    Yields
    ------
    rasterio.DatasetReader
        Open for reading within the block, closed behind it.

    Raises
    ------
    RasterioIOError
        It cannot be opened, or the block finds its header damaged, which GDAL reads in parts as they are asked for.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="TRUE"), rasterio.open(path) as source:
                yield source
        except CPLE_BaseError as error:
            raise RasterioIOError(str(error)) from error


def band_headers(source: rasterio.DatasetReader) -> list[BandHeader]:
    """Header of every band of an open raster, in their order; no value is read.

    Where the file states none, scale is 1 and offset 0, unit and description are empty, nodata and `alpha` None.
    `alpha` is the number, from 1, of the first band of transparency, in the header of every band.
    """
    colours = [colour.name for colour in source.colorinterp]
    alpha = colours.index(ColorInterp.alpha.name) + 1 if ColorInterp.alpha.name in colours else None
    stated = zip(
        source.dtypes, source.scales, source.offsets, source.units, source.nodatavals, source.mask_flag_enums, colours,
        source.descriptions, strict=True,
    )  # fmt: skip
    return [
        BandHeader(
            dtype=dtype,
            scale=float(scale),
            offset=float(offset),
            unit=(unit or "").strip(),
            nodata=nodata,
            has_mask=MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags,
            alpha=alpha,
            colour=colour,
            description=(description or "").strip(),
        )
        for dtype, scale, offset, unit, nodata, flags, colour, description in stated
    ]


def band_header(source: rasterio.DatasetReader, band: int) -> BandHeader:
    """Header of a band, counted from 1 as GDAL counts, which is not checked: 0 gives the last one.

    Raises
    ------
    IndexError
        The raster has fewer bands.
    """
    return band_headers(source)[band - 1]


def require_values(path: Path, band: int, header: BandHeader) -> None:
    """Refuse a band (from 1) whose numbers cannot be values, by its `header`; `path` names the file in the message.

    Raises
    ------
    SchemaError
        Complex numbers, a scale of 0, a scale or offset that is no finite number, or a band of transparency (`alpha` of
        the header is `band`); the first of these that holds.
    """
    is_usable_scale = header.scale != 0 and np.isfinite(header.scale) and np.isfinite(header.offset)
    for field, is_right, got, expected, fix in [
        ("type", not header.is_complex, header.dtype, "real numbers", "convert it with gdal_translate -ot Float64"),
        (
            "scale, offset",
            is_usable_scale,
            f"{header.scale:g}, {header.offset:g}",
            "finite numbers, and a scale other than 0",
            "correct it with gdal_edit.py -scale 1 -offset 0",
        ),
        ("colour interpretation", header.alpha != band, header.colour, "a band of values", "name another band"),
    ]:
        if not is_right:
            raise SchemaError(
                "The numbers of this band cannot be read as values.",
                path=path,
                field=f"{field} of band {band}",
                got=got,
                expected=expected,
                fix=fix,
            )


def read_values(source: rasterio.DatasetReader, band: int, window: Window) -> Float32Array | FloatArray:
    """Values of a window as the band's header says: scaled, and NaN where unknown.

    A pixel is unknown where its stored number is no finite number or the nodata value, or where a mask or an alpha band
    is 0.

    Values are what the header makes of stored numbers: value = stored × `scale` + `offset`, in its `unit`.

    Parameters
    ----------
    source
        Open raster.
    band
        Counted from 1.
    window
        Within the raster, at least one pixel: where in it, in columns and rows.

    Returns
    -------
    Float32Array or FloatArray
        Shape of the window; float32 where that holds every number of the stored type and nothing is scaled.

    Raises
    ------
    IndexError
        The raster has fewer bands.
    SchemaError
        A number that everywhere stands for "unknown", of which the header says nothing: among those of the window that
        are not unknown the highest is 1e20 or more, or the lowest is −1e20 or less or one of `UNKNOWN_NUMBERS` (−9999,
        −99999, −999999, −32767, −32768, −2³¹). Numbers are judged as they are stored, before they are scaled.

    Examples
    --------
    Tenths as whole numbers, −1 where nothing is known:

    >>> from rasterio.io import MemoryFile
    >>> profile = {"driver": "GTiff", "width": 2, "height": 1, "count": 1, "dtype": "int16", "nodata": -1}
    >>> with MemoryFile() as file:
    ...     with file.open(**profile, transform=rasterio.Affine(10, 0, 0, 0, -10, 0)) as target:
    ...         target.write(np.array([[[5, -1]]], dtype=np.int16))
    ...         target.scales = (0.5,)
    ...     with file.open() as source:
    ...         read_values(source, 1, Window(0, 0, 2, 1)).tolist()
    [[2.5, nan]]
    """
    header, stored = band_header(source, band), source.read(band, window=window)
    is_unknown = _is_unknown(source, band, window, header, stored)
    dtype = np.float64 if header.is_scaled else np.result_type(stored, np.float32)
    values: Float32Array | FloatArray = stored.astype(dtype, copy=False)
    values[is_unknown] = np.nan
    _refuse_unstated(source, band, header, values)
    return values * header.scale + header.offset if header.is_scaled else values


def _is_unknown(
    source: rasterio.DatasetReader, band: int, window: Window, header: BandHeader, stored: NDArray[Any]
) -> BoolArray:
    is_unknown: BoolArray = ~np.isfinite(stored)
    if header.nodata is not None:
        is_unknown |= stored == header.nodata
    if header.has_mask:
        is_unknown |= source.read_masks(band, window=window) == 0
    if header.alpha is not None:
        is_unknown |= source.read(header.alpha, window=window) == 0
    return is_unknown


def _refuse_unstated(
    source: rasterio.DatasetReader, band: int, header: BandHeader, numbers: Float32Array | FloatArray
) -> None:
    # Only the ends are looked at: between true values −9999 may be one.
    lowest, highest = float(np.fmin.reduce(numbers, axis=None)), float(np.fmax.reduce(numbers, axis=None))
    suspect = highest if highest >= LARGEST_NUMBER else lowest
    if suspect in UNKNOWN_NUMBERS or abs(suspect) >= LARGEST_NUMBER:
        raise SchemaError(
            "The band holds a number that stands for unknown, but its header does not say so.",
            path=source.name,
            field=f"nodata of band {band}",
            got="none" if header.nodata is None else f"{header.nodata:g}",
            expected=f"{suspect:g}, which {np.count_nonzero(numbers == suspect)} pixels hold",
            fix=f"state it with gdal_edit.py -a_nodata {suspect:g}; of several such numbers keep one",
        )
