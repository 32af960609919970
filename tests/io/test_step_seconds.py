import sys
from pathlib import Path

import pytest

from entropice.io.step_seconds import FILE_NAME, Measured, measured_by_step, note_step, peak_bytes, seconds_by_step


def test_the_last_time_of_each_step_of_a_grid_counts(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    note_step(folder, "h3_4", "grids.build_cells", Measured(2.0, 1000))
    note_step(folder, "h3_3", "grids.build_cells", Measured(9.0, 1000))
    note_step(folder, "h3_4", "grids.build_cells", Measured(1.23456, 2000))
    assert measured_by_step(folder, "h3_4") == {"grids.build_cells": Measured(1.235, 2000)}
    assert seconds_by_step(folder, "h3_4") == {"grids.build_cells": 1.235}


def test_lines_from_before_memory_was_noted_still_tell_their_time(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"grid": "h3_4", "step": "labels.label_cells", "seconds": 2.5}\n')
    assert measured_by_step(tmp_path, "h3_4") == {"labels.label_cells": Measured(2.5, None)}


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    note_step(tmp_path, "h3_4", "labels.label_cells", Measured(2.0, None))
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write('{"grid": "h3_4", "st')
    assert seconds_by_step(tmp_path, "h3_4") == {"labels.label_cells": 2.0}


def test_nothing_is_known_where_nothing_was_noted(tmp_path: Path) -> None:
    assert seconds_by_step(tmp_path, "h3_4") == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_peak_memory_grows_with_what_is_held_and_never_falls() -> None:
    before = peak_bytes()
    assert before is not None
    held = bytearray(before + 50_000_000)  # more than the process ever held
    held[::4096] = b"1" * len(held[::4096])
    with_it = peak_bytes()
    del held
    after = peak_bytes()

    assert with_it is not None
    assert after is not None
    assert with_it >= before + 50_000_000
    assert after >= with_it - 1_000_000  # the kernel counts pages of each core apart
