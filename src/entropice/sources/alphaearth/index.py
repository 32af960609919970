"""The index that comes with AlphaEarth's files: which year, zone and ground each of them holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import pandas as pd
import pyogrio

from entropice.errors import InputFileError, SchemaError
from entropice.raster.utm_zones import N_ZONES
from entropice.sources.slumps.cleaning import require_index_columns
from entropice.types import DataFrame

BOUNDS: Final = ("utm_west", "utm_south", "utm_east", "utm_north", "wgs84_west", "wgs84_east")
COLUMNS: Final = ("path", "year", "utm_zone", *BOUNDS)
PATH_PARTS: Final = 3
"""Of a path in the index, year, zone and name are the same wherever a copy of the files is kept."""


@dataclass(frozen=True)
class IndexRow:
    """What the index says of one file.

    Attributes
    ----------
    place
        ``<year>/<zone>/<name>``, the end of the file's path in every copy.
    zone
        1 to 60, northern hemisphere.
    bounds_m
        West, south, east and north edge of the pixels in the zone's CRS.
    lon_deg
        West and east end of the ground, clipped to the zone.
    """

    place: PurePosixPath
    year: int
    zone: int
    bounds_m: tuple[float, float, float, float]
    lon_deg: tuple[float, float]


def find_index(folder: Path) -> Path | None:
    """The index in a folder; where it lies there in several formats, which say the same, the first of `READERS`.

    ``aef_index.parquet``, then ``.gpkg``, then ``.csv``; None where there is none. Subfolders are not looked into.
    """
    return next((folder / name for name in READERS if (folder / name).is_file()), None)


def read_index(path: Path) -> dict[PurePosixPath, IndexRow]:
    """Read the rows of the northern hemisphere by place.

    Keys are ``<year>/<zone>/<name>``; rows of the southern hemisphere are left out. `path` is one that `find_index`
    gives.

    Raises
    ------
    InputFileError
        A file that cannot be read.
    SchemaError
        A column is absent, a zone is not UTM's, a year or bounds are no numbers, or two rows are of one file.
    """
    table = _read_table(path)
    northern = _northern(path, table)
    _require_numbers(path, northern)
    rows = [_row(*values) for values in northern[list(COLUMNS)].itertuples(index=False)]
    by_place = {row.place: row for row in rows}
    if len(by_place) < len(rows):
        raise SchemaError(
            "The index lists a file twice.",
            path=path,
            field="path",
            got=f"{len(rows) - len(by_place)} repeated rows",
            expected="one row a file",
            fix="download the index again",
        )
    return by_place


def _read_table(path: Path) -> DataFrame:
    try:
        table = READERS[path.name](path)
    except (OSError, ValueError, pyogrio.errors.DataSourceError) as error:
        raise InputFileError(
            f"The index of the AlphaEarth files cannot be read ({error}).",
            path=path,
            field="format",
            got=f"a file of {path.stat().st_size} bytes",
            expected=f"a whole table ({path.suffix})",
            fix="it is truncated or damaged: download it again",
        ) from error
    require_index_columns(table, COLUMNS, path, "AlphaEarth files", "use the index that is published beside the files")
    return table


def _northern(path: Path, table: DataFrame) -> DataFrame:
    zones = [f"{zone}{hemisphere}" for zone in range(1, N_ZONES + 1) for hemisphere in "NS"]
    _require(path, table, table["utm_zone"].isin(zones), "utm_zone", "1N to 60N, or 1S to 60S")
    return table[table["utm_zone"].str.endswith("N")]


def _require_numbers(path: Path, table: DataFrame) -> None:
    for column in ("year", *BOUNDS):
        _require(path, table, pd.to_numeric(table[column], errors="coerce").notna(), column, "a number")


def _require(path: Path, table: DataFrame, is_right: "pd.Series[bool]", field: str, expected: str) -> None:
    wrong = table.loc[~is_right]
    if len(wrong):
        raise SchemaError(
            "The index of the AlphaEarth files says what cannot be.",
            path=path,
            field=field,
            got=f"{len(wrong)} such rows",
            expected=expected,
            sample=[" ".join(map(str, row)) for row in wrong[["path", field]].head().itertuples(index=False)],
            fix="use the index that is published beside the files",
        )


def _row(path: str, year: int, utm_zone: str, *bounds: float) -> IndexRow:
    west_m, south_m, east_m, north_m, west_deg, east_deg = bounds
    zone, bounds_m = int(utm_zone.removesuffix("N")), (west_m, south_m, east_m, north_m)
    place = PurePosixPath(*PurePosixPath(path).parts[-PATH_PARTS:])
    return IndexRow(place, int(year), zone, bounds_m, (west_deg, east_deg))


def _read_geopackage(path: Path) -> DataFrame:
    table: DataFrame = pyogrio.read_dataframe(path, read_geometry=False)
    return table


READERS: Final[Mapping[str, Callable[[Path], DataFrame]]] = {
    "aef_index.parquet": pd.read_parquet,
    "aef_index.gpkg": _read_geopackage,
    "aef_index.csv": pd.read_csv,
}
