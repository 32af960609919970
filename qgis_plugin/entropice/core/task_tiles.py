"""What the tiles of a task say of one cell: how much was imaged and what was found, year by year."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .safe_names import REBUILD
from .sqlite_reading import reading
from .tasks import ImageryTask

_OF_CELL = """
SELECT year, count(*), sum(seen_area_m2), sum(n_found), sum(expected_found)
FROM "{table}" WHERE cell_id = ? GROUP BY year ORDER BY year
"""


@dataclass(frozen=True)
class TilesOfYear:
    """The tiles of a cell in a year of images: None is unknown.

    `expected_found` is the sum of the chances that the found outlines are true.

    `seen_area_m2`, `n_found` and `expected_found` are sums over the tiles whose values are known, None where none is.
    """

    year: int
    n_tiles: int
    seen_area_m2: float | None
    n_found: float | None
    expected_found: float | None


def tiles_of_cell(
    geopackage: Path, tasks: Sequence[ImageryTask], cell_id: int
) -> Mapping[str, tuple[TilesOfYear, ...]]:
    """By name of each task, the years in which a cell was imaged, ascending; the file is neither changed nor locked.

    Rows of the task's table of tiles with this ``cell_id`` are counted and added up by year; a cell without tiles has
    no years. Without tasks the file is not opened.

    Raises
    ------
    RunFolderError
        The file is no readable database, or a table has a value that cannot be.
    """
    if not tasks:
        return {}
    try:
        with reading(geopackage) as connection:
            return {task.name: _of_cell(connection, geopackage, task.tiles.table, cell_id) for task in tasks}
    except sqlite3.Error as error:
        raise RunFolderError(
            tr("The tables about tiles cannot be read."),
            path=geopackage,
            field=", ".join(task.tiles.table for task in tasks),
            got=error,
            expected=tr("a GeoPackage"),
            fix=tr(REBUILD),
        ) from error


def _of_cell(connection: sqlite3.Connection, path: Path, table: str, cell_id: int) -> tuple[TilesOfYear, ...]:
    # The name of a table cannot be a parameter of SQL; this one was matched against IDENTIFIER when the manifest was
    # read.
    rows = connection.execute(_OF_CELL.format(table=table), (cell_id,)).fetchall()
    return tuple(_of_year(path, table, *row) for row in rows)


def _of_year(
    path: Path, table: str, year: object, n_tiles: int, seen_m2: object, n_found: object, expected: object
) -> TilesOfYear:
    if not isinstance(year, int):
        raise _wrong(path, f"{table}.year", year, "a year")
    known = {"seen_area_m2": seen_m2, "n_found": n_found, "expected_found": expected}
    seen, found, true = (_size(path, f"{table}.{name}", value) for name, value in known.items())
    return TilesOfYear(year, n_tiles, seen, found, true)


def _size(path: Path, field: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and math.isfinite(value) and value >= 0:
        return value
    raise _wrong(path, field, value, "a sum that is not below 0")


def _wrong(path: Path, field: str, got: object, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("A table of the run has a value that cannot be."),
        path=path,
        field=field,
        got=repr(got),
        expected=expected,
        fix=tr(REBUILD),
    )
