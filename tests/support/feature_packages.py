"""SQLite files with tables about features, as small as can be."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path


def geopackage(folder: Path, tables: Mapping[str, str]) -> Path:
    """A file with tables, each written as ``columns; rows``."""
    path = folder / "package.gpkg"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        for name, text in tables.items():
            columns, rows = text.split(";")
            connection.execute(f"CREATE TABLE {name} ({columns})")
            connection.execute(f"INSERT INTO {name} VALUES {rows}")  # noqa: S608
        connection.commit()
    return path


def change(path: Path, statement: str) -> None:
    """Run a statement."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
