"""Folders of pairs of images with what changed between them: samples that are read when they are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from entropice.errors import InputFileError
from entropice.imagery.places import places_table
from entropice.imagery.samples import Image, Place, Sample
from entropice.sources.imagery.beside import LABEL, beside
from entropice.sources.imagery.labels import Mask, require_label_values
from entropice.sources.imagery.picture_writing import write_picture
from entropice.sources.imagery.placing import require_same_place
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.reading import read_image, read_label
from entropice.sources.imagery.tile_index import INDEX, place_in, read_index
from entropice.sources.imagery.writing import polar_place, write_bands
from entropice.types import DataFrame

BEFORE: Final = "_before"
AFTER: Final = "_after"


@dataclass(frozen=True)
class TilePair:
    """Two images of one place on their way to files.

    Attributes
    ----------
    label
        uint8 (row, column): 1 where it changed, 0 where not, 255 where neither counts.
    """

    key: str
    place: Place
    before: Image
    after: Image
    label: Mask


@dataclass(frozen=True)
class TilePairs:
    """Images ``<key>_before.tif`` and ``<key>_after.tif`` of a folder, and the table of where and when they are.

    Attributes
    ----------
    folder
        Holds the files, ``<key>_label.tif`` and ``tiles.parquet``.
    product
        Name of the image product that the files are of.
    """

    folder: Path
    product: str

    @cached_property
    def table(self) -> DataFrame:
        """Rows ``key left_m top_m pixel_m n_pixels year``, indexed by key, as `read_index` gives them.

        Raises
        ------
        InputFileError
            There is no table, or it lacks columns, or names a pair twice.
        """
        return read_index(self.folder)

    @cached_property
    def keys(self) -> Sequence[str]:
        """Keys of all pairs, in the order of `table`."""
        return tuple(self.table["key"])

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands of the first image of the first pair, and so of every one, in the order of the images."""
        return self.read(self.keys[0]).image.bands

    def read(self, key: str) -> Sample:
        """A pair (2, band, row, column), before and after, with what changed.

        Images are as `read_image` gives them; target and where it counts (row, column) are those of `read_label`.

        Raises
        ------
        InputFileError
            A file is missing, or not what it claims to be, or lies elsewhere than the table says; the second image has
            other pixels or bands than the first.
        """
        path, product = self.folder / f"{key}.tif", product_named(self.product)
        before, lies = read_image(beside(path, BEFORE), product)
        after, also_lies = read_image(beside(path, AFTER), product)
        require_same_place(also_lies, lies, beside(path, AFTER))
        _require_same_bands(after, before, beside(path, AFTER))
        target, scored = read_label(beside(path, LABEL), lies)
        values, valid = np.stack([before.values, after.values]), np.stack([before.valid, after.valid])
        place = place_in(self.table, key, lies, beside(path, BEFORE))
        return Sample(key, Image(before.bands, values, valid), target, scored, place)


def write_tile_pairs(pairs: Iterable[TilePair], folder: Path) -> None:
    """Write each pair as it comes, and the table at the end; equal pairs give equal bytes.

    Images are ``<key>_before.tif`` and ``<key>_after.tif`` as of `write_picture`, labels ``<key>_label.tif``, the table
    is ``tiles.parquet``, ``key left_m top_m pixel_m n_pixels year``. Of a key that comes twice the last pair counts.

    Raises
    ------
    SchemaError
        Red, green or blue is missing, or the shape differs from the place's.
    InputFileError
        A label of other values than 0, 1 and 255.
    """
    places = {}
    for pair in pairs:
        path = folder / f"{pair.key}.tif"
        require_label_values(pair.label, beside(path, LABEL))
        write_picture(beside(path, BEFORE), pair.before, pair.place)
        write_picture(beside(path, AFTER), pair.after, pair.place)
        write_bands(beside(path, LABEL), np.expand_dims(pair.label, 0), polar_place(pair.place), None, ("label",))
        places[pair.key] = pair.place
    places_table(places).to_parquet(folder / INDEX, index=False)


def _require_same_bands(after: Image, before: Image, path: Path) -> None:
    if after.bands != before.bands:
        raise InputFileError(
            "The images of a pair have other bands.",
            path=path,
            field="bands",
            got=", ".join(after.bands),
            expected=", ".join(before.bands),
            fix="elevation lies beside both images of a pair, or beside neither",
        )
