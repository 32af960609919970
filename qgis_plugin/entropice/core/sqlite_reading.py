"""SQLite files are read as they are: without locks, without journals beside them, and without trust in their schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection while the context lasts; the file is neither changed nor locked.

    It is opened read-only and as a file that nobody changes (``immutable=1``): locks and logs beside it are not looked
    at. Functions that a schema calls are not trusted. Another thread may not use the connection.

    Raises
    ------
    sqlite3.Error
        The file is no readable database.
    """
    with closing(sqlite3.connect(_address(path), uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _address(path: Path) -> str:
    address = path.absolute().as_uri()
    if not address.startswith("file:///"):  # a share of another machine
        address = address.replace("file:", "file://", 1)
    # Read-only alone still takes locks and reads logs, which needs leave to write beside the file.
    return address + "?mode=ro&immutable=1"
