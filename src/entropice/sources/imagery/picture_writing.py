"""Pictures in true colour as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.beside import LABEL, beside
from entropice.sources.imagery.labels import Mask, require_label_values
from entropice.sources.imagery.products import TRUE_COLOUR
from entropice.sources.imagery.writing import polar_place, write_bands
from entropice.types import BoolArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPAQUE: Final = np.uint8(255)


def write_picture(path: Path, image: Image, place: Place) -> None:
    """Write red, green and blue as 8 bits, and transparency where something is not known.

    Equal inputs give equal bytes. Values are rounded to 1/255; those beyond 0 to 1 become the nearer end.

    Parameters
    ----------
    image
        Red, green and blue, in any order, (band, row, column); a pixel is known where all three are.

    Raises
    ------
    SchemaError
        A band is missing, or the shape differs from the place's.
    OSError
        The file cannot be written.
    """
    _require_fitting(image, place)
    rows = [image.bands.index(band) for band in RGB]
    known = np.asarray(image.valid[rows].all(axis=0))
    numbers = np.clip(np.round(image.values[rows].astype(np.float64) / TRUE_COLOUR.scale), 0, 255)
    colours = np.where(known, numbers, 0).astype(np.uint8)
    bands = _with_transparency(colours, known)
    write_bands(path, bands, polar_place(place), None, (*RGB, "alpha")[: len(bands)])


def write_labelled_picture(path_stem: Path, image: Image, place: Place, label: Mask) -> None:
    """Write ``<stem>.tif`` as `write_picture` does, and ``<stem>_label.tif``.

    `path_stem` is the path without ``.tif``; the label is uint8 (row, column).

    Raises
    ------
    SchemaError
        A band is missing, or the shape differs from the place's.
    InputFileError
        A label of other values than 0, 1 and 255.
    """
    path = path_stem.with_name(f"{path_stem.name}.tif")
    require_label_values(label, beside(path, LABEL))
    write_picture(path, image, place)
    write_bands(beside(path, LABEL), np.expand_dims(label, 0), polar_place(place), None, ("label",))


def _with_transparency(colours: "NDArray[Any]", known: BoolArray) -> "NDArray[Any]":
    return colours if known.all() else np.concatenate([colours, (known * _OPAQUE)[None]])


def _require_fitting(image: Image, place: Place) -> None:
    shape = (len(image.bands), place.n_pixels, place.n_pixels)
    missing = [band for band in RGB if band not in image.bands]
    for field, is_right, got, expected in (
        ("bands", not missing, ", ".join(image.bands), ", ".join(RGB)),
        ("image", image.values.shape == image.valid.shape == shape, image.values.shape, shape),
    ):
        if not is_right:
            raise SchemaError("A picture cannot be written.", field=field, got=got, expected=expected)
