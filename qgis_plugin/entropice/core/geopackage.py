"""What the SQLite file of a run may consist of; looked at before QGIS opens it, and without running any of it.

A schema can hold code: views, generated columns, indices on expressions, triggers and virtual tables. The file of a run
has R-trees, and triggers that keep them and the row counts right should the file ever be edited; nothing else of that.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .safe_names import REBUILD
from .sqlite_reading import reading
from .tables import Table

MAX_OBJECTS = 5_000
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_JOURNAL_MODE = slice(18, 20)
_ROLLBACK = b"\1\1"
_APPLICATION = slice(68, 72)
_APPLICATIONS = (b"GPKG", b"GP10", b"GP11")
_UNFINISHED = ("-wal", "-journal", "-shm")

_NAME = r'["\']?\w+["\']?'
_NAMES = rf"\( ?{_NAME}(?: ?, ?{_NAME})* ?\)"
_RTREE = re.compile(rf"create virtual table {_NAME} using rtree ?{_NAMES}")
_PLAIN_TABLE = re.compile(r"create table .*")
_PLAIN_INDEX = re.compile(rf"create (?:unique )?index {_NAME} on {_NAME} ?{_NAMES}")
_TRIGGER = re.compile(
    r"rtree_\w+_(?:insert|update\d?|delete)|trigger_(?:insert|delete)_feature_count_\w+|gpkg_tile_\w+"
)
_CALL = re.compile(r"([^\s(,=<>]+) ?\(")
_CALLS_OF_TRIGGERS = {"and", "in", "lower", "not", "or", "raise", "values", "when", "where"} | {
    f"st_{name}" for name in ("isempty", "maxx", "maxy", "minx", "miny")
}


def require_settled(path: Path) -> None:
    """Accept a file beside which SQLite keeps no unfinished writes: its own bytes are all that counts.

    The files are those named as `path` with ``-wal``, ``-journal`` or ``-shm`` behind it; a link without a target
    counts.

    Raises
    ------
    RunFolderError
        There is a write-ahead log, its index, or a rollback journal.
    """
    for suffix in _UNFINISHED:
        beside = path.with_name(path.name + suffix)
        if beside.is_symlink() or beside.exists():
            raise RunFolderError(
                tr("Beside the tables of the run lie unfinished changes, which would be shown in place of the run."),
                path=beside,
                field=path.name,
                got=beside.name,
                expected=tr("no such file"),
                fix=tr(
                    "Close every program that has the run open, remove the file if it is still there, and open again."
                ),
            )


def require_plain_tables(path: Path, tables: Iterable[Table]) -> None:
    """Accept a GeoPackage without code in its schema, in which the `tables` with their columns are ordinary tables.

    Allowed in the schema are ordinary tables, R-trees, indices on plain columns, and the triggers that GDAL writes to
    keep R-trees and counts right; at most 5,000 objects. A trigger is one of these by its name (``rtree_<…>_insert``,
    ``update`` with a digit or none, or ``delete``; ``trigger_insert_feature_count_<…>`` or ``delete``;
    ``gpkg_tile_<…>``), and calls no function but ``lower``, ``raise`` and five of ``st_…``. `tables` may have more
    columns than the manifest names, and further tables may be there. Rows are not read.

    Raises
    ------
    RunFolderError
        The file is not a GeoPackage, keeps a write-ahead log, has anything in its schema that the pipeline does not
        write, or lacks a table or column.
    OSError
        The file cannot be read.
    """
    _require_geopackage(path)
    try:
        with reading(path) as connection:
            objects = _objects(connection, path)
            for kind, name, sql in objects:
                _require_plain(path, kind, name, sql)
            columns = {name: _columns(connection, path, name) for name in _ordinary_tables(objects)}
    except sqlite3.Error as error:
        raise _refused(path, "schema", str(error), "a GeoPackage that SQLite can read") from error
    for table in tables:
        _require_described(path, table, columns)


def _require_geopackage(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC) or header[_APPLICATION] not in _APPLICATIONS:
        raise _refused(path, "header", header[: len(_MAGIC)], "a GeoPackage")
    # In write-ahead mode SQLite would make files beside it as soon as it is opened, and a later log would be shown.
    if header[_JOURNAL_MODE] != _ROLLBACK:
        raise _refused(path, "journal mode", "write-ahead log", "rollback journal, which leaves no file beside it")


def _objects(connection: sqlite3.Connection, path: Path) -> list[tuple[str, str, str]]:
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master LIMIT ?", (MAX_OBJECTS + 1,))
    objects = [(str(kind), str(name), " ".join(str(sql).lower().split())) for kind, name, sql in rows]
    if len(objects) > MAX_OBJECTS:
        raise _refused(path, "schema", f"more than {MAX_OBJECTS} tables and indices", f"at most {MAX_OBJECTS}")
    return objects


def _require_plain(path: Path, kind: str, name: str, sql: str) -> None:
    if kind not in _IS_PLAIN or not _IS_PLAIN[kind](name.lower(), sql):
        raise _refused(path, f"{kind} {name}", sql, "tables, R-trees, their indices and triggers, and nothing else")


def _is_plain_trigger(name: str, sql: str) -> bool:
    return _TRIGGER.fullmatch(name) is not None and _CALLS_OF_TRIGGERS.issuperset(_CALL.findall(sql))


_IS_PLAIN: Mapping[str, Callable[[str, str], bool]] = {
    "table": lambda _name, sql: bool(_PLAIN_TABLE.fullmatch(sql) or _RTREE.fullmatch(sql)),
    "index": lambda name, sql: bool(_PLAIN_INDEX.fullmatch(sql)) or (not sql and name.startswith("sqlite_autoindex_")),
    "trigger": _is_plain_trigger,
}


def _ordinary_tables(objects: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    return (name for kind, name, sql in objects if kind == "table" and _PLAIN_TABLE.fullmatch(sql))


def _columns(connection: sqlite3.Connection, path: Path, table: str) -> frozenset[str]:
    """Names of the columns of an ordinary table, none of which may be computed when it is read."""
    # table_xinfo and not table_info: only the former tells generated columns, whose code would run when they are read.
    columns = connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table,)).fetchall()
    computed = [name for name, hidden in columns if hidden]
    if computed:
        raise _refused(path, f"{table}.{computed[0]}", "a generated column", "columns that hold values")
    return frozenset(name for name, _ in columns)


def _require_described(path: Path, table: Table, columns: Mapping[str, frozenset[str]]) -> None:
    if table.table not in columns:
        raise _differs(path, table.table, "no such table", "the tables that the manifest names")
    missing = table.columns - columns[table.table]
    if missing:
        raise _differs(path, table.table, "no " + ", ".join(sorted(missing)), "the columns that the manifest names")


def _differs(path: Path, field: str, got: str, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("A table of the map is not as the manifest says."),
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix=tr(REBUILD),
    )


def _refused(path: Path, field: str, got: object, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("The tables of this run are not such as the pipeline writes."),
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix=tr(REBUILD),
    )
