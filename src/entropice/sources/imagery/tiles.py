"""Folders of image tiles with their labels: samples that are read when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import numpy as np
import pandas as pd

from entropice.errors import InputFileError
from entropice.imagery.places import place_of
from entropice.imagery.samples import Image, Place, Sample
from entropice.sources.imagery.beside import LABEL, beside
from entropice.sources.imagery.labels import Mask
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.reading import read_image, read_label
from entropice.types import DataFrame

INDEX: Final = "tiles.parquet"
COLUMNS: Final = ("key", "left_m", "top_m", "pixel_m", "n_pixels", "year")


@dataclass(frozen=True)
class LabelledTile:
    """A tile on its way to files.

    Attributes
    ----------
    label
        uint8 (row, column): 0, 1, or 255 where neither counts.
    """

    key: str
    place: Place
    image: Image
    label: Mask


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
        """Rows ``key left_m top_m pixel_m n_pixels year``, indexed by key.

        Raises
        ------
        InputFileError
            There is no table, or it lacks columns, or names a tile twice.
        """
        path = self.folder / INDEX
        if not path.is_file():
            raise _no_table(path, "no such file")
        table = pd.read_parquet(path)
        lacking = [name for name in COLUMNS if name not in table]
        if lacking or table["key"].duplicated().any():
            raise _no_table(path, f"no column {lacking[0]}" if lacking else "a key twice")
        return table.set_index("key", drop=False)

    @cached_property
    def keys(self) -> Sequence[str]:
        """All tiles, in the order of the table."""
        return tuple(self.table["key"])

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """What the first tile has, and so every one."""
        return self.read(self.keys[0]).image.bands

    def read(self, key: str) -> Sample:
        """A tile with its label.

        Raises
        ------
        InputFileError
            A file is missing, or not what it claims to be, or lies elsewhere than the table says.
        """
        path = self.folder / f"{key}.tif"
        image, lies = read_image(path, product_named(self.product))
        target, scored = read_label(beside(path, LABEL), lies)
        place = place_of(cast("pd.Series[float]", self.table.loc[key]))
        if not np.allclose((lies.left_m, lies.top_m, lies.pixel_m), (place.left_m, place.top_m, place.pixel_m)):
            raise InputFileError(
                "A tile lies elsewhere than its table says.",
                path=path,
                field="left_m, top_m, pixel_m",
                got=(lies.left_m, lies.top_m, lies.pixel_m),
                expected=(place.left_m, place.top_m, place.pixel_m),
                fix=f"correct {INDEX}, or the tile's geotransform",
            )
        return Sample(key, image, target, scored, place)


def _no_table(path: Path, got: str) -> InputFileError:
    return InputFileError(
        "This is no folder of image tiles.",
        path=path,
        field="tiles.parquet",
        got=got,
        expected=f"a table with {', '.join(COLUMNS)}, each key once",
        fix="write the table beside the tiles",
    )
