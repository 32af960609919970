"""Folders of images with one class each: samples that are read when they are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from entropice.errors import InputFileError
from entropice.imagery.places import places_table
from entropice.imagery.samples import Image, Place, Sample
from entropice.sources.imagery.picture_writing import write_picture
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.reading import read_image
from entropice.sources.imagery.tile_index import INDEX, place_in, read_index
from entropice.types import DataFrame

LABEL_COLUMN: Final = "label"


@dataclass(frozen=True)
class ClassTile:
    """An image on its way to files.

    Attributes
    ----------
    label
        Number of its class, from 0.
    """

    key: str
    place: Place
    image: Image
    label: int


@dataclass(frozen=True)
class ClassTiles:
    """Images ``<key>.tif`` of a folder, and the table of where and when they are and what they show.

    Attributes
    ----------
    folder
        Holds the files and ``tiles.parquet``.
    product
        Name of the image product that the files are of.
    """

    folder: Path
    product: str

    @cached_property
    def table(self) -> DataFrame:
        """Rows ``key left_m top_m pixel_m n_pixels year label``, indexed by key.

        Raises
        ------
        InputFileError
            There is no table, or it lacks columns, names a tile twice, or holds labels that are no classes.
        """
        table = read_index(self.folder, LABEL_COLUMN)
        _require_classes(table, self.folder / INDEX)
        return table

    @cached_property
    def keys(self) -> Sequence[str]:
        """Keys of all tiles, in the order of `table`."""
        return tuple(self.table["key"])

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands of the first tile, and so of every one, in the order of the images."""
        return self.read(self.keys[0]).image.bands

    def read(self, key: str) -> Sample:
        """An image with its class, int64 ().

        The image is (band, row, column) as `read_image` gives it, the class is the table's, and always scored.

        Raises
        ------
        InputFileError
            A file is missing, or not what it claims to be, or lies elsewhere than the table says.
        """
        path = self.folder / f"{key}.tif"
        image, lies = read_image(path, product_named(self.product))
        label = np.array(self.table.loc[key, LABEL_COLUMN], dtype=np.int64)
        return Sample(key, image, label, np.array(True), place_in(self.table, key, lies, path))


def write_class_tiles(tiles: Iterable[ClassTile], folder: Path) -> None:
    """Write each image as it comes, and the table at the end; equal tiles give equal bytes.

    Images are ``<key>.tif`` as of `write_picture`, the table is ``tiles.parquet``, ``key left_m top_m pixel_m n_pixels
    year label``, in a folder that stands. Of a key that comes twice the last tile counts.

    Raises
    ------
    SchemaError
        Red, green or blue is missing, or the shape differs from the place's.
    """
    places, labels = {}, {}
    for tile in tiles:
        write_picture(folder / f"{tile.key}.tif", tile.image, tile.place)
        places[tile.key], labels[tile.key] = tile.place, tile.label
    places_table(places).assign(label=list(labels.values())).to_parquet(folder / INDEX, index=False)


def _require_classes(table: DataFrame, path: Path) -> None:
    labels = table[LABEL_COLUMN]
    is_whole = np.issubdtype(labels.to_numpy().dtype, np.integer)
    if not is_whole or (labels < 0).any():
        raise InputFileError(
            "Labels of images are not classes.",
            path=path,
            field=LABEL_COLUMN,
            got=f"{labels.dtype}, as {labels.iloc[0]}" if not is_whole else f"{int(labels.min())}",
            expected="whole numbers from 0, one an image",
            fix="number the classes from 0; leave out images whose class is not known",
        )
