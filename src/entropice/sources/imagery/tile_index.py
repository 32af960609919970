"""The table of a folder of tiles: where and when each lies."""

from pathlib import Path
from typing import Final, cast

import numpy as np
import pandas as pd

from entropice.errors import InputFileError
from entropice.imagery.places import place_of
from entropice.imagery.samples import Place
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import DataFrame

INDEX: Final = "tiles.parquet"
COLUMNS: Final = ("key", "left_m", "top_m", "pixel_m", "n_pixels", "year")
_SAME: Final = 1e-6
"""Share of an edge within which numbers are equal."""


def read_index(folder: Path, *more_columns: str) -> DataFrame:
    """Rows ``key left_m top_m pixel_m n_pixels year`` and more, indexed by key.

    Read from ``tiles.parquet``, in the order and with all columns of the file; metres in EPSG:3413.

    Raises
    ------
    InputFileError
        There is no table, or it lacks columns, or names a tile twice.
    """
    path, columns = folder / INDEX, (*COLUMNS, *more_columns)
    if not path.is_file():
        raise _no_table(path, "no such file", columns)
    table = pd.read_parquet(path)
    lacking = [name for name in columns if name not in table]
    if lacking or table["key"].duplicated().any():
        raise _no_table(path, f"no column {lacking[0]}" if lacking else "a key twice", columns)
    return table.set_index("key", drop=False)


def place_in(table: DataFrame, key: str, lies: RasterPlace, path: Path) -> Place:
    """The place that a table states for a tile.

    Corner, pixel and number of pixels of the file may differ from it by a millionth of the tile's edge.

    Parameters
    ----------
    table
        As `read_index` gives it.
    key
        Of the tile, one of the table's.
    lies
        Where the pixels of its file lie.
    path
        The file, for messages.

    Raises
    ------
    InputFileError
        The tile's file lies elsewhere, or is no square in EPSG:3413.
    """
    place = place_of(cast("pd.Series[float]", table.loc[key]))
    there = lies.in_year(place.year, path)
    got, expected = ((each.left_m, each.top_m, each.pixel_m, each.n_pixels) for each in (there, place))
    if not np.allclose(got, expected, rtol=0, atol=_SAME * place.pixel_m * place.n_pixels):
        raise InputFileError(
            "A tile lies elsewhere than its table says.",
            path=path,
            field="left_m, top_m, pixel_m, n_pixels",
            got=got,
            expected=expected,
            fix=f"correct {INDEX}, or the tile's geotransform",
        )
    return place


def _no_table(path: Path, got: str, columns: tuple[str, ...]) -> InputFileError:
    return InputFileError(
        "This is no folder of image tiles.",
        path=path,
        field=INDEX,
        got=got,
        expected=f"a table with {', '.join(columns)}, each key once",
        fix="write the table beside the tiles",
    )
