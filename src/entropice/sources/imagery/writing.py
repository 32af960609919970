"""Tiles as files: an image in the five-band product, its elevation, what is usable of it, and its label."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio

from entropice.crs import POLAR_CRS
from entropice.errors import SchemaError
from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.beside import ELEVATION, LABEL, USABLE, beside
from entropice.sources.imagery.labels import Mask, require_label_values
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.products import FIVE_BANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_ELEVATION: Final = -9999.0
_COMPRESSED: Final = {"driver": "GTiff", "compress": "deflate", "zlevel": 6, "num_threads": 1}


def write_tile(path_stem: Path, image: Image, place: Place, label: Mask) -> None:
    """Write ``<stem>.tif``, ``<stem>_dem.tif``, ``<stem>_udm2.tif`` and ``<stem>_label.tif``.

    Equal inputs give equal bytes. Reflectances are stored × 10,000 as uint16: rounded to 1/10,000 and at least that,
    because 0 says that nothing is known, and at most 6.5535.

    `path_stem` is the path without ``.tif``; its folder is made. Unknown elevation is −9999, and a pixel is usable
    where all bands are known.

    Parameters
    ----------
    image
        Blue, green, red, red edge, near infrared (`FIVE_BANDS`) and elevation, in any order, (band, row, column).
    label
        uint8, shape (row, column): 0, 1, or 255 where neither counts.

    Raises
    ------
    SchemaError
        A band is missing, or shapes differ from the place's.
    InputFileError
        A label of other values.
    """
    path = path_stem.with_name(f"{path_stem.name}.tif")
    require_fitting(image, place, label, (*FIVE_BANDS.bands, "elevation"))
    require_label_values(label, beside(path, LABEL))
    at = polar_place(place)
    rows = [image.bands.index(band) for band in FIVE_BANDS.bands]
    values, valid = image.values[rows], image.valid[rows]
    stored = np.clip(np.round(values.astype(np.float64) / FIVE_BANDS.scale), 1, 65535)
    elevation = image.bands.index("elevation")
    heights_m = np.where(image.valid[elevation], image.values[elevation], np.float32(NO_ELEVATION))
    write_bands(path, np.where(valid, stored, 0).astype(np.uint16), at, FIVE_BANDS.nodata, FIVE_BANDS.file_bands)
    write_bands(beside(path, ELEVATION), heights_m[None].astype(np.float32), at, NO_ELEVATION, ("elevation",))
    write_bands(beside(path, USABLE), np.expand_dims(valid.all(axis=0), 0).astype(np.uint8), at, None, ("clear",))
    write_bands(beside(path, LABEL), np.expand_dims(label, 0), at, None, ("label",))


def polar_place(place: Place) -> RasterPlace:
    """Where the pixels of a tile lie.

    Examples
    --------
    >>> polar_place(Place(left_m=0.0, top_m=30.0, pixel_m=3.0, n_pixels=10, year=2023)).shape
    (10, 10)
    """
    return RasterPlace(POLAR_CRS, place.left_m, place.top_m, place.pixel_m, place.n_pixels, place.n_pixels)


def write_bands(
    path: Path, bands: "NDArray[Any]", at: RasterPlace, nodata: float | None, descriptions: tuple[str, ...]
) -> None:
    """Write numbers (band, row, column) as a GeoTIFF, in folders that are made; equal inputs give equal bytes.

    The dtype is that of `bands`; `descriptions` names each band, and `nodata` is the stored number that says "unknown",
    None for none. What stands at the path is replaced.
    """
    profile = {"count": len(bands), "height": at.n_rows, "width": at.n_columns, "dtype": bands.dtype, "nodata": nodata}
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", crs=at.crs, transform=at.transform, **profile, **_COMPRESSED) as file:
        file.write(bands)
        file.descriptions = descriptions


def require_fitting(image: Image, place: Place, label: Mask, bands: Iterable[str]) -> None:
    """Refuse what files of some bands and a label cannot hold.

    `bands` may be a part of the image's; the label is uint8 (row, column). Rows and columns are `n_pixels` of the
    place; the values of the label are not looked at.

    Raises
    ------
    SchemaError
        A band is missing, or shapes differ from the place's.
    """
    shape = (place.n_pixels, place.n_pixels)
    missing = [band for band in bands if band not in image.bands]
    for field, is_right, got, expected in (
        ("bands", not missing, ", ".join(image.bands), ", ".join(missing)),
        ("image", image.values.shape == image.valid.shape == (len(image.bands), *shape), image.values.shape, shape),
        ("label", label.shape == shape and label.dtype == np.uint8, f"{label.dtype} {label.shape}", f"uint8 {shape}"),
    ):
        if not is_right:
            raise SchemaError("A tile cannot be written.", field=field, got=got, expected=expected)
