"""What the tiles of a task say of one cell."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import read_manifest
from qgis_plugin.entropice.core.task_tiles import TilesOfYear, tiles_of_cell
from qgis_plugin.entropice.core.tasks import ImageryTask

Row = tuple[object, object, object, object, object]


@pytest.fixture
def tasks(write_run: Callable[[dict[str, Any]], Path], imaged_values: dict[str, Any]) -> tuple[ImageryTask, ...]:
    return read_manifest(write_run(imaged_values)).tasks


@pytest.fixture
def write_tiles(tmp_path: Path) -> Callable[[Sequence[Row]], Path]:
    def write(rows: Sequence[Row]) -> Path:
        path = tmp_path / "tiles.gpkg"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE seen_tiles (cell_id, year, seen_area_m2, n_found, expected_found)")
            connection.executemany("INSERT INTO seen_tiles VALUES (?, ?, ?, ?, ?)", rows)
        return path

    return write


def test_tiles_are_summed_by_year(tasks: tuple[ImageryTask, ...], write_tiles: Callable[[Sequence[Row]], Path]) -> None:
    path = write_tiles(
        [
            (7, 2022, 100.0, 2, 1.5),
            (7, 2019, 50.0, 0, 0.0),
            (7, 2022, 25.0, 1, 0.25),
            (8, 2022, 900.0, 9, 9.0),
        ]
    )

    assert tiles_of_cell(path, tasks, 7) == {
        "seen": (TilesOfYear(2019, 1, 50.0, 0, 0.0), TilesOfYear(2022, 2, 125.0, 3, 1.75))
    }


def test_a_cell_without_tiles_has_no_years_and_unknown_is_not_zero(
    tasks: tuple[ImageryTask, ...], write_tiles: Callable[[Sequence[Row]], Path]
) -> None:
    path = write_tiles([(7, 2022, None, None, None)])

    assert tiles_of_cell(path, tasks, 8) == {"seen": ()}
    assert tiles_of_cell(path, tasks, 7) == {"seen": (TilesOfYear(2022, 1, None, None, None),)}


def test_without_tasks_no_file_is_read(tmp_path: Path) -> None:
    assert tiles_of_cell(tmp_path / "no such file.gpkg", (), 7) == {}


@pytest.mark.parametrize(
    ("row", "field", "got"),
    [
        ((7, 2022, -1.0, 0, 0.0), "seen_tiles.seen_area_m2", "-1.0"),
        ((7, 2022, 1.0, float("inf"), 0.0), "seen_tiles.n_found", "inf"),
        ((7, 2022, 1.0, 0, -0.5), "seen_tiles.expected_found", "-0.5"),
        ((7, "last", 1.0, 0, 0.0), "seen_tiles.year", "'last'"),
        ((7, None, 1.0, 0, 0.0), "seen_tiles.year", "None"),
    ],
)
def test_a_value_that_cannot_be_is_named(
    tasks: tuple[ImageryTask, ...], write_tiles: Callable[[Sequence[Row]], Path], row: Row, field: str, got: str
) -> None:
    path = write_tiles([row])

    with pytest.raises(RunFolderError) as caught:
        tiles_of_cell(path, tasks, 7)
    assert (caught.value.path, caught.value.field, caught.value.got) == (path, field, got)


def test_a_file_that_cannot_be_read_is_named_with_its_tables(tasks: tuple[ImageryTask, ...], tmp_path: Path) -> None:
    path = tmp_path / "run.gpkg"
    path.write_bytes(b"no database")

    with pytest.raises(RunFolderError) as caught:
        tiles_of_cell(path, tasks, 7)
    assert (caught.value.path, caught.value.field) == (path, "seen_tiles")
