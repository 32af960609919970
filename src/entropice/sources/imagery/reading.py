"""Images from files: one door for virtual tiles and real ones."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio

from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.imagery.samples import Image
from entropice.sources.imagery.beside import ELEVATION, beside, usable_mask
from entropice.sources.imagery.judging import require_header, require_metres, require_one_band
from entropice.sources.imagery.judging_values import require_parts
from entropice.sources.imagery.labels import Mask, require_label_values, target_and_scored
from entropice.sources.imagery.opening import from_raster, numbers_of, require_finite, require_no_infinity
from entropice.sources.imagery.pictures import require_colours
from entropice.sources.imagery.placing import RasterPlace, raster_place, require_same_place
from entropice.sources.imagery.products import Product
from entropice.types import BoolArray, Float32Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = NDArray[Any]

_UNKNOWN_HEIGHT_M: Final = -9999.0
_HEIGHTS: Final = ("float32", "int16")


def read_image(path: Path, product: Product) -> tuple[Image, RasterPlace]:
    """Read what sensors saw, with the elevation in ``…_dem.tif`` and what is clear in ``…_udm2.tif`` where they are.

    Pixels of the nodata value, pixels that the file's own mask hides, pixels that are not clear, and values beyond
    their band's range are not valid; a sensor that saw nothing of the file is valid nowhere.

    Values are float32 (band, row, column), in the units of their bands, a stored number times scale plus offset; 0
    where not valid. Ranges are inclusive, and those of `entropice.imagery.bands`. Elevation is float32 or int16 in
    metres, −9999 where unknown; of the mask the first band counts, 1 clear and 0 not. Both lie beside the image as
    `beside` and `usable_mask` name them.

    Returns
    -------
    Image
        Bands of the product in its order; elevation last, where there is a file of it.
    RasterPlace
        Where the pixels lie.

    Raises
    ------
    InputFileError
        Another number or order of bands, type of numbers or scale than the product's; a band that is empty or constant,
        or three that are equal; NaN where the product has none, infinities; values that no sensor gives
        (`require_parts`); no place, a rotated one or pixels that are not square; a truncated file; files beside it that
        lie elsewhere or hold what they cannot.
    """
    stored, shown, place = from_raster(path, lambda source: _stored(source, product, path))
    mask = usable_mask(path)
    values, valid = _of_parts(stored, shown & _clear(mask, place), product)
    if product.is_picture:
        require_colours(stored, valid, path)
    else:
        require_parts(values, valid, product, path, is_masked=mask is not None)
    # After the judges: they must see values beyond the range, of which too many mean another scale.
    valid &= _within_range(values, tuple(product.bands))
    image = Image(tuple(product.bands), np.where(valid, values, np.float32(0)), valid)
    return (image if "elevation" in image.bands else _with_elevation(image, path, place)), place


def read_label(path: Path, like: RasterPlace) -> tuple[Mask, BoolArray]:
    """Target (uint8, 0 or 1) and where it counts, each (row, column), of the pixels of an image.

    Where it does not count (255) the target is 0.

    `like` is where the image's pixels lie.

    Raises
    ------
    InputFileError
        No such file, other values than 0, 1 and 255, several bands, another type than uint8, another grid or extent, or
        a truncated file.
    """
    values = from_raster(path, lambda source: _only_band(source, path, like, ("uint8",)))
    require_label_values(values, path)
    return target_and_scored(values)


def read_mask(path: Path) -> tuple[Mask, BoolArray]:
    """Target (uint8, 0 or 1) and where it counts, each (row, column), wherever the file's pixels lie.

    The file holds 0, 1, or 255 where neither counts; there the target is 0.

    Raises
    ------
    InputFileError
        No such file, other values than 0, 1 and 255, several bands, another type than uint8, no place, or a truncated
        file.
    """
    return read_label(path, from_raster(path, lambda source: raster_place(source, path)))


def _stored(
    source: rasterio.DatasetReader, product: Product, path: Path
) -> "tuple[NDArray[Any], BoolArray, RasterPlace]":
    """Stored numbers of the product's bands, where the file shows them, each (band, row, column), and their place."""
    require_header(source, product, path)
    place, bands = raster_place(source, path, product.max_oblong), product.numbers()
    stored = numbers_of(source, bands, (product.dtype,), path)
    require_no_infinity(stored, path)
    return stored, source.read_masks(bands) > 0, place


def _of_parts(stored: "NDArray[Any]", shown: BoolArray, product: Product) -> tuple[Float32Array, BoolArray]:
    """Values in their bands' units, NaN where stored as NaN, and where they are known, each (band, row, column)."""
    values, valid = np.empty(stored.shape, dtype=np.float32), shown & ~np.isnan(stored)
    for part in product.parts:
        rows = product.rows(part)
        values[rows] = stored[rows].astype(np.float64) * part.scale + part.offset
        if part.nodata is not None:
            valid[rows] &= stored[rows] != part.nodata
    return values, valid


def _first_band(source: rasterio.DatasetReader, path: Path, like: RasterPlace, dtypes: tuple[str, ...]) -> "Plane":
    """First band of a file that belongs to an image, shape (row, column)."""
    require_same_place(raster_place(source, path, like.max_oblong), like, path)
    plane: Plane = numbers_of(source, [1], dtypes, path)[0]
    return plane


def _only_band(source: rasterio.DatasetReader, path: Path, like: RasterPlace, dtypes: tuple[str, ...]) -> "Plane":
    require_one_band(source, path)
    return _first_band(source, path, like, dtypes)


def _clear(path: Path | None, place: RasterPlace) -> BoolArray:
    """Where the usable-data mask says clear; everywhere, where there is none. Shape (row, column)."""
    if path is None:
        return np.ones(place.shape, dtype=bool)
    values = from_raster(path, lambda source: _first_band(source, path, place, ("uint8",)))
    others = sorted(set(np.unique(values).tolist()) - {0, 1})
    if others:
        raise InputFileError(
            "The first band of a usable-data mask says clear or not.",
            path=path,
            field="band 1",
            got=", ".join(map(str, others)),
            expected="1 clear, 0 not",
            fix="take the second version of the mask (UDM2)",
        )
    return np.asarray(values == 1)


def _with_elevation(image: Image, path: Path, place: RasterPlace) -> Image:
    if not beside(path, ELEVATION).is_file():
        return image
    heights_m, valid = _elevation(beside(path, ELEVATION), place)
    values = np.concatenate([image.values, np.where(valid, heights_m, np.float32(0))[None]])
    return Image((*image.bands, "elevation"), values, np.concatenate([image.valid, valid[None]]))


def _stored_heights(source: rasterio.DatasetReader, path: Path, like: RasterPlace) -> "tuple[Plane, BoolArray]":
    require_metres(source, _UNKNOWN_HEIGHT_M, path)
    return _only_band(source, path, like, _HEIGHTS), source.read_masks(1) > 0


def _elevation(path: Path, place: RasterPlace) -> tuple[Float32Array, BoolArray]:
    stored, shown = from_raster(path, lambda source: _stored_heights(source, path, place))
    require_finite(stored, path)
    heights_m, band = stored.astype(np.float32), band_named("elevation")
    valid = (heights_m != _UNKNOWN_HEIGHT_M) & shown
    beyond = heights_m[valid & ((heights_m < band.low) | (heights_m > band.high))]
    if beyond.size:
        raise InputFileError(
            "The elevation holds heights that are none.",
            path=path,
            field="values",
            got=f"{beyond.size} pixels from {beyond.min():g} to {beyond.max():g}",
            expected=f"{band.low:g} to {band.high:g} m, and {_UNKNOWN_HEIGHT_M:g} where nothing is known",
            fix="convert it to metres, or its nodata value with gdalwarp -dstnodata -9999",
        )
    return heights_m, valid


def _within_range(values: Float32Array, bands: tuple[str, ...]) -> BoolArray:
    ranges = np.array([(band_named(band).low, band_named(band).high) for band in bands], dtype=np.float32)
    low, high = ranges.T[..., None, None]
    within: BoolArray = (values >= low) & (values <= high)
    return within
