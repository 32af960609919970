"""Folders of image tiles with their labels: samples that are read when they are asked for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from entropice.imagery.places import places_table
from entropice.imagery.samples import Image, Place, Sample
from entropice.sources.imagery.beside import LABEL, beside
from entropice.sources.imagery.labels import Mask
from entropice.sources.imagery.picture_writing import write_labelled_picture
from entropice.sources.imagery.products import Product, product_named
from entropice.sources.imagery.reading import read_image, read_label
from entropice.sources.imagery.sensor_writing import write_chip
from entropice.sources.imagery.tile_index import INDEX, place_in, read_index
from entropice.sources.imagery.writing import write_tile
from entropice.types import DataFrame


@dataclass(frozen=True)
class LabelledTile:
    """A tile on its way to files.

    Attributes
    ----------
    label
        uint8 (row, column): 0, 1, or 255 where neither counts.
    region
        Where it belongs to, by name; None where regions are not told apart.
    """

    key: str
    place: Place
    image: Image
    label: Mask
    region: str | None = None


@dataclass(frozen=True)
class ImageTiles:
    """Tiles ``<key>.tif`` of a folder, with what lies beside them, and the table of where and when they are.

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
        """Rows ``key left_m top_m pixel_m n_pixels year`` and what else the file has, indexed by key.

        As `read_index` gives them.

        Raises
        ------
        InputFileError
            There is no table, or it lacks columns, or names a tile twice.
        """
        return read_index(self.folder)

    @cached_property
    def keys(self) -> Sequence[str]:
        """Keys of all tiles, in the order of `table`."""
        return tuple(self.table["key"])

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands of the first tile, and so of every one, in the order of the images."""
        return self.read(self.keys[0]).image.bands

    def read(self, key: str) -> Sample:
        """A tile with its label.

        Image (band, row, column) as `read_image` gives it, target and where it counts (row, column) as `read_label`
        does.

        Raises
        ------
        InputFileError
            A file is missing, or not what it claims to be, or lies elsewhere than the table says.
        """
        path = self.folder / f"{key}.tif"
        image, lies = read_image(path, product_named(self.product))
        place = place_in(self.table, key, lies, path)
        target, scored = read_label(beside(path, LABEL), lies)
        return Sample(key, image, target, scored, place)


def write_tiles(tiles: Iterable[LabelledTile], folder: Path, product: str) -> None:
    """Write each tile as it comes, as files of the product are, and the table at the end, with regions where given.

    Equal tiles give equal bytes.

    Pictures are written by `write_labelled_picture`, chips of several sensors by `write_chip`, all else by
    `write_tile`; the table is ``tiles.parquet``, ``key left_m top_m pixel_m n_pixels year`` and, where any tile has
    one, ``region``. Of a key that comes twice the last tile counts.

    Raises
    ------
    ConfigError
        There is no such product.
    SchemaError
        A tile lacks a band, or its shapes differ from its place's.
    InputFileError
        A label of other values than 0, 1 and 255.
    """
    write = _writer(product_named(product))
    places, regions = {}, {}
    for tile in tiles:
        write(folder / tile.key, tile.image, tile.place, tile.label)
        places[tile.key] = tile.place
        if tile.region is not None:
            regions[tile.key] = tile.region
    table = places_table(places)
    table = table.assign(region=table["key"].map(regions)) if regions else table
    table.to_parquet(folder / INDEX, index=False)


def _writer(product: Product) -> Callable[[Path, Image, Place, Mask], None]:
    if product.is_picture:
        return write_labelled_picture
    return partial(write_chip, product=product) if product.sensors else write_tile
