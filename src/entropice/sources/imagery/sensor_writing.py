"""Chips of several sensors as files."""

from pathlib import Path

import numpy as np

from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.beside import LABEL, beside
from entropice.sources.imagery.labels import Mask, require_label_values
from entropice.sources.imagery.products import Part, Product
from entropice.sources.imagery.writing import polar_place, require_fitting, write_bands
from entropice.types import BoolArray, Float32Array


def write_chip(path_stem: Path, image: Image, place: Place, label: Mask, product: Product) -> None:
    """Write all sensors into ``<stem>.tif``, NaN where nothing is known, and ``<stem>_label.tif``.

    Equal inputs give equal bytes. Bands stored as whole numbers are rounded to them, and never to the number that says
    that nothing is known; all others come back as they are.

    `path_stem` is the path without ``.tif``; its folder is made.

    Parameters
    ----------
    image
        Bands of the product, in any order, (band, row, column).
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
    require_fitting(image, place, label, product.bands)
    require_label_values(label, beside(path, LABEL))
    rows = [image.bands.index(band) for band in product.bands]
    stored = stored_numbers(image.values[rows], image.valid[rows], product)
    write_bands(path, stored, polar_place(place), product.nodata, product.file_bands)
    write_bands(beside(path, LABEL), np.expand_dims(label, 0), polar_place(place), None, ("label",))


def stored_numbers(values: Float32Array, valid: BoolArray, product: Product) -> Float32Array:
    """Values (band, row, column) of a product's bands, in its order, as its files store them: float32, NaN unknown.

    Each part's number is (value − `offset`) / `scale`, rounded (halves to even) where `is_whole`; one that comes to be
    the part's `nodata` is stored as that plus 1.

    Examples
    --------
    Reflectances × 10,000 as whole numbers, of which 0 would say that nothing is known:

    >>> red = Part(("red",), scale=1e-4, nodata=0.0, is_whole=True)
    >>> product = Product("one_band", "Red", ("B4",), {"red": "B4"}, sensors=(red,))
    >>> values = np.array([[[0.05, 0.0, 0.3]]], dtype=np.float32)
    >>> stored_numbers(values, np.array([[[True, True, False]]]), product).tolist()
    [[[500.0, 1.0, nan]]]
    """
    stored = np.full(values.shape, np.nan, dtype=np.float32)
    for part in product.parts:
        rows = product.rows(part)
        stored[rows] = np.where(valid[rows], _numbers(values[rows], part), np.nan)
    return stored


def _numbers(values: Float32Array, part: Part) -> Float32Array:
    numbers = (values.astype(np.float64) - part.offset) / part.scale
    if part.is_whole:
        numbers = np.round(numbers)
    if part.nodata is not None:
        numbers[numbers == part.nodata] = part.nodata + 1
    return numbers.astype(np.float32)
