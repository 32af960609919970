"""Whether a GeoPackage is as its writer left it, as far as it says the same thing twice."""

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GEOSException

from entropice.errors import InputFileError

MAGIC: Final = b"GP"
FIXED_BYTES: Final = 8
N_ENVELOPE_NUMBERS: Final = (0, 4, 6, 6, 8)
"""How many float64 follow the fixed header of a geometry, by the code in its flags."""

TOLERANCE: Final = 1e-9
"""Of a coordinate: what programs may lose when they write an envelope."""

INDEX_TOLERANCE: Final = 2**-21
"""SQLite's spatial index holds float32, rounded outwards."""


def check_geopackage(path: Path) -> None:
    """Pass only if the pages of the database are sound and its geometries lie where their headers and index say.

    The format has no checksum. A value that stands in it once, such as an attribute or a vertex inside its polygon's
    bounding box, may be damaged without a trace.

    It is opened for reading alone, and nothing is written beside it. Coordinates may differ from what envelopes and
    index say by a billionth, or by the rounding of the index's float32; where the count of rows is stated it must be
    that.

    Raises
    ------
    InputFileError
        The file is damaged.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)) as database:
            _check_pages(database, path)
            for table, column in _geometry_columns(database):
                _check_count(database, table, path)
                _check_geometries(database, table, column, path)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _damaged(path, "database", str(error), "a sound SQLite database") from error


def _check_pages(database: sqlite3.Connection, path: Path) -> None:
    found = [row[0] for row in database.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise _damaged(path, "database", str(found[0]).splitlines()[-1], "a sound SQLite database")


def _geometry_columns(database: sqlite3.Connection) -> list[tuple[str, str]]:
    return database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()


def _check_count(database: sqlite3.Connection, table: str, path: Path) -> None:
    """Of rows, where GDAL has written how many there are."""
    if not _has_table(database, "gpkg_ogr_contents"):
        return
    said = database.execute("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (table,)).fetchone()
    ((found,),) = _select(database, "count(*)", table)
    if said is not None and said[0] not in (None, found):
        raise _damaged(path, f"rows of {table}", found, f"{said[0]}, as gpkg_ogr_contents says")


def _check_geometries(database: sqlite3.Connection, table: str, column: str, path: Path) -> None:
    rows = [row for row in _select(database, f"rowid, {_quoted(column)}", table) if row[1] is not None]
    if not any(_is_geopackages(blob) for _, blob in rows):
        return  # none, or all in the form of SpatiaLite, which GDAL reads too
    ids, blobs = zip(*rows, strict=True)
    n_numbers = [_n_envelope_numbers(blob, path, table) for blob in blobs]
    try:
        geometries = shapely.from_wkb([blob[_wkb_start(n) :] for blob, n in zip(blobs, n_numbers, strict=True)])
    except NotImplementedError:
        return  # curves, which GDAL turns into lines
    except GEOSException as error:
        raise _damaged(path, f"geometry of {table}", str(error), "well-known binary") from error
    bounds = dict(zip(ids, shapely.bounds(geometries), strict=True))
    envelopes = {row: _envelope(blob) for row, blob, n in zip(ids, blobs, n_numbers, strict=True) if n}
    _compare(bounds, envelopes, TOLERANCE, path, f"envelope of a geometry of {table}")
    index = f"rtree_{table}_{column}"
    if _has_table(database, index):
        boxes = {row: np.array(box) for row, *box in _select(database, "id, minx, miny, maxx, maxy", index)}
        missing = [row for row, box in bounds.items() if row not in boxes and not np.isnan(box).any()]
        if missing:
            raise _damaged(path, f"spatial index of {table}", f"no entry of row {missing[0]}", "one for every row")
        _compare(bounds, boxes, INDEX_TOLERANCE, path, f"spatial index of {table}")


def _is_geopackages(blob: Any) -> bool:
    return isinstance(blob, bytes) and len(blob) > FIXED_BYTES and blob[:2] == MAGIC


def _n_envelope_numbers(blob: Any, path: Path, table: str) -> int:
    code = blob[3] >> 1 & 7 if _is_geopackages(blob) else None
    if code is None or code >= len(N_ENVELOPE_NUMBERS):
        raise _damaged(path, f"geometry of {table}", repr(blob[:FIXED_BYTES]), "a header as GeoPackage prescribes")
    return N_ENVELOPE_NUMBERS[code]


def _wkb_start(n_numbers: int) -> int:
    return FIXED_BYTES + 8 * n_numbers


def _envelope(blob: bytes) -> NDArray[np.float64]:
    """Left, bottom, right, top, as `shapely.bounds` has them."""
    order = "<" if blob[3] & 1 else ">"
    return np.frombuffer(blob, f"{order}f8", 4, FIXED_BYTES)[[0, 2, 1, 3]].astype("float64")


def _compare(
    bounds: dict[int, NDArray[np.float64]],
    said: dict[int, NDArray[np.float64]],
    tolerance: float,
    path: Path,
    field: str,
) -> None:
    rows = sorted(bounds.keys() & said.keys())
    if not rows:
        return
    found, expected = (np.array([boxes[row] for row in rows]) for boxes in (bounds, said))
    differs = ~np.isclose(found, expected, rtol=tolerance, atol=tolerance, equal_nan=True).all(axis=1)
    if differs.any():
        first = int(np.argmax(differs))
        got, box = (", ".join(f"{value:.9g}" for value in boxes[first]) for boxes in (found, expected))
        raise _damaged(path, f"{field}, row {rows[first]}", f"a geometry in {got}", box)


def _has_table(database: sqlite3.Connection, name: str) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(next(chain(*database.execute(query, (name,)))))


def _select(database: sqlite3.Connection, columns: str, table: str) -> list[tuple[Any, ...]]:
    """Every row. Names of tables cannot be bound as values are; quoted, they are names whatever they hold."""
    return database.execute(f"SELECT {columns} FROM {_quoted(table)}").fetchall()  # noqa: S608  # nosec B608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _damaged(path: Path, field: str, got: object, expected: str) -> InputFileError:
    return InputFileError(
        "The GeoPackage is damaged.",
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix="download it again; or let `ogr2ogr copy.gpkg FILE` write what can be read of it, and compare",
    )
