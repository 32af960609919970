from pathlib import Path

from entropice.io.step_seconds import FILE_NAME, note_seconds, seconds_by_step


def test_the_last_time_of_each_step_of_a_grid_counts(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    note_seconds(folder, "h3_4", "grids.build_cells", 2.0)
    note_seconds(folder, "h3_3", "grids.build_cells", 9.0)
    note_seconds(folder, "h3_4", "grids.build_cells", 1.23456)
    assert seconds_by_step(folder, "h3_4") == {"grids.build_cells": 1.235}


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    note_seconds(tmp_path, "h3_4", "labels.label_cells", 2.0)
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write('{"grid": "h3_4", "st')
    assert seconds_by_step(tmp_path, "h3_4") == {"labels.label_cells": 2.0}


def test_nothing_is_known_where_nothing_was_noted(tmp_path: Path) -> None:
    assert seconds_by_step(tmp_path, "h3_4") == {}
