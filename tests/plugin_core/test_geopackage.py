"""Code in the schema of a GeoPackage is refused, and not run to find out."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.geopackage import MAX_OBJECTS, require_plain_tables
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS value FROM n"
CODE = {
    "endless view": f"CREATE VIEW more AS {ENDLESS}",
    "view in place of a table": f"DROP TABLE scores; CREATE VIEW scores AS {ENDLESS}",
    "view of GeoPackage's own": f"CREATE VIEW gpkg_contents AS {ENDLESS}",
    "virtual table": "CREATE VIRTUAL TABLE search USING fts5(text)",
    "generated column": "CREATE TABLE big (a, b GENERATED ALWAYS AS (hex(zeroblob(1000000000))))",
    "stored generated column": "CREATE TABLE big (a, b AS (a + 1) STORED)",
    "index on an expression": "CREATE INDEX i ON scores (abs(value))",
    "index on some rows": "CREATE INDEX i ON scores (value) WHERE abs(value) > 1",
    "trigger": "CREATE TRIGGER more AFTER INSERT ON scores BEGIN SELECT load_extension('x'); END",
    "trigger of another name": "CREATE TRIGGER more AFTER INSERT ON scores BEGIN DELETE FROM scores; END",
    "trigger by the name of another": (
        "CREATE TRIGGER rtree_cells_geom_insert AFTER INSERT ON cells BEGIN SELECT load_extension('x'); END"
    ),
    "quoted function": (
        'CREATE TRIGGER rtree_cells_geom_insert AFTER INSERT ON cells BEGIN SELECT "load_extension" (\'x\'); END'
    ),
    "function behind a comment": (
        "CREATE TRIGGER rtree_cells_geom_insert AFTER INSERT ON cells BEGIN SELECT load_extension/**/(\'x\'); END"
    ),
    "trigger in place of a view": (
        "CREATE VIEW v AS SELECT 1; CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END"
    ),
    "write-ahead log": "PRAGMA journal_mode = WAL",
    "not a GeoPackage": "PRAGMA application_id = 0",
    "table renamed in the schema": (
        "CREATE TABLE hidden (a, b AS (a + 1)); PRAGMA writable_schema = ON; "
        "UPDATE sqlite_master SET name = 'shown' WHERE name = 'hidden'"
    ),
    "unreadable schema": (
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABEL' WHERE name = 'land'"
    ),
    "table missing": "DROP TABLE land",
    "column missing": "ALTER TABLE slumps RENAME COLUMN year TO jahr",
}  # fmt: skip
PLAIN = {
    "R-tree": 'CREATE VIRTUAL TABLE "rtree_cells_geom" USING rtree(id, minx, maxx, miny, maxy)',
    "index": 'CREATE UNIQUE INDEX "cells_cell_id" ON "cells" ("cell_id")',
    "automatic index": "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, identifier TEXT UNIQUE)",
    "trigger of an R-tree": (
        'CREATE TRIGGER "rtree_cells_geom_update1" AFTER UPDATE OF "area_m2" ON "cells" WHEN OLD."fid" = NEW."fid" '
        'AND (NEW."fid" NOTNULL AND NOT ST_IsEmpty(NEW."area_m2")) BEGIN INSERT OR REPLACE INTO "cells" '
        'VALUES (ST_MinX(NEW."area_m2")); END'
    ),
    "table of a later version": "CREATE TABLE ice (fid INTEGER PRIMARY KEY, thickness_m REAL)",
}  # fmt: skip


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


@pytest.fixture
def check(run_folder: Path, manifest: Manifest) -> Callable[[str], None]:
    """Change the file by some SQL and look at it."""
    path = (run_folder / "run.gpkg").resolve()

    def change_and_check(script: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        require_plain_tables(path, manifest.tables)

    return change_and_check


@pytest.mark.parametrize("script", CODE.values(), ids=CODE.keys())
def test_a_schema_with_code_is_refused(check: Callable[[str], None], script: str):
    with pytest.raises(RunFolderError, match=r"tables of this run are not such|not as the manifest says") as caught:
        check(script)
    assert caught.value.path.name == "run.gpkg"


@pytest.mark.parametrize("script", PLAIN.values(), ids=PLAIN.keys())
def test_what_a_geopackage_has_beside_tables_is_accepted(check: Callable[[str], None], script: str):
    check(script)


def test_more_tables_than_can_be_looked_at_are_refused(check: Callable[[str], None]):
    with pytest.raises(RunFolderError, match="more than"):
        check("BEGIN; " + "".join(f"CREATE TABLE t{number} (a); " for number in range(MAX_OBJECTS)) + "COMMIT")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0", b"PK\3\4" + bytes(200)])
def test_another_file_is_refused(run_folder: Path, manifest: Manifest, content: bytes):
    path = (run_folder / "run.gpkg").resolve()
    path.write_bytes(content)
    with pytest.raises(RunFolderError, match="header"):
        require_plain_tables(path, manifest.tables)


def test_half_a_file_is_refused(run_folder: Path, manifest: Manifest):
    path = (run_folder / "run.gpkg").resolve()
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(RunFolderError, match="schema"):
        require_plain_tables(path, manifest.tables)


def test_looking_leaves_nothing_behind(run_folder: Path, manifest: Manifest):
    before = {path.name: path.read_bytes() for path in run_folder.iterdir()}
    require_plain_tables((run_folder / "run.gpkg").resolve(), manifest.tables)
    assert {path.name: path.read_bytes() for path in run_folder.iterdir()} == before
