"""What a user reads of a planned cost, and of what steps took."""

import pytest

from entropice.cost.table import PlannedStep, amount, bytes_text, counted, measured_table, seconds_text, table
from entropice.io.step_seconds import Measured

TERRAIN = PlannedStep(
    "features.reduce_terrain",
    "1,750 tiles, 17.1 G values",
    68_400_000_000,
    "to come",
    2_000_000_000,
    4300.0,
    "the region",
)
LABELS = PlannedStep("labels.label_cells", "4.88 k cells", 67_000, "written", None, 0.5, "the cells")
EXPORT = PlannedStep("exporting.export_run", "", None, "written", None, None, "not measured", is_run=False)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 "),
        (999, "999 "),
        (999.7, "1 k"),
        (999_999, "1 M"),
        (1000, "1 k"),
        (1_234_567, "1.23 M"),
        (17.1e9, "17.1 G"),
        (2e12, "2 T"),
        (7.4e18, "7.4 E"),
    ],
)
def test_amounts_have_three_digits(number: float, text: str) -> None:
    assert amount(number) == text


def test_numbers_stand_before_their_units() -> None:
    assert [counted(200, "tasks"), counted(17.1e9, "values")] == ["200 tasks", "17.1 G values"]
    assert counted(999.7, "cells") == "1 k cells"
    assert [bytes_text(15), bytes_text(64e6), bytes_text(None)] == ["15 B", "64 MB", "not known"]
    assert [seconds_text(0.04), seconds_text(99.0), seconds_text(4300.0)] == ["0.0 s", "99.0 s", "72 min"]
    assert seconds_text(None) == "not known"


def test_every_step_has_a_row_and_every_column_a_name() -> None:
    header, terrain, labels, apart, export, blank, total = table([TERRAIN, LABELS, EXPORT]).splitlines()

    assert header.split() == ["step", "how", "much", "bytes", "memory", "time", "known", "from"]
    assert "1,750 tiles, 17.1 G values" in terrain
    assert "68.4 GB to come  2 GB" in terrain
    assert "72 min" in terrain
    assert "67 kB written" in labels
    assert labels.index("the cells") == terrain.index("the region") == header.index("known from")
    assert apart == "only where they are named:"
    assert export.split()[1:7] == ["not", "known"] * 3
    assert blank == ""
    assert total == "in all 72 min", "steps that a run has not are left out"


def test_steps_without_a_time_are_counted() -> None:
    unknown = PlannedStep("lakes.copy_chips", "", None, "written", None, None, "the files decide")

    assert table([LABELS, unknown]).splitlines()[-1] == "in all 0.5 s, and 1 steps whose time is not known"


def test_planned_stands_beside_measured() -> None:
    measured = {"labels.label_cells": Measured(1.0, 900_000_000)}
    header, terrain, labels, _, total = measured_table([TERRAIN, LABELS, EXPORT], measured).splitlines()

    assert header.split()[:4] == ["step", "planned", "time", "time"]
    assert "not run" in terrain
    assert labels.split()[1:6] == ["0.5", "s", "1.0", "s", "2"], "planned, taken, and how many times as much"
    assert "900 MB" in labels
    assert total == "1 steps: 0.5 s planned, 1.0 s taken, 2 times as much"


def test_before_any_run_nothing_is_set_beside() -> None:
    assert measured_table([TERRAIN], {}).splitlines()[-1] == "no step has run of which a time was planned"
