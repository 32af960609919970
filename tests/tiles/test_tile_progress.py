"""A user sees how far a plan has come, on a terminal and in a log."""

import io
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from tile_plans import N_TILES, plan_of_sums

from entropice.tiles import progress as tile_progress
from entropice.tiles.plan import Tile, TilePlan
from entropice.tiles.progress import Progress, duration, reported
from entropice.tiles.workers import Workers


class _Clock:
    """Each look is ten seconds later."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 10.0
        return self.seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.2, "0 s"), (99.4, "99 s"), (100, "2 min"), (5940, "99 min"), (6000, "1 h 40 min")),
        *((86_399, "1 d 0 h"), (90_000, "1 d 1 h"), (190_800, "2 d 5 h")),
    ],
)
def test_durations_are_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("n_values", "words"),
    [
        (123_450_100, "123.5 million"),
        (123_449_900, "123.4 million"),
        (999_900_000, "999.9 million"),
        (2_500_000_000, "2.5 billion"),
    ],
)
def test_numbers_of_values_are_for_people(n_values: int, words: str) -> None:
    plan = TilePlan("Sums", lambda shared, task: {}, None, (Tile("a", None, n_values, 1),))
    assert Progress(plan, plan.tiles).beginning == f"Sums: 1 tiles; {words} values to read"


def test_the_log_has_a_line_now_and_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_progress, "time", SimpleNamespace(monotonic=_Clock()))
    monkeypatch.setattr(tile_progress, "LINE_EVERY_S", 40.0)
    plan = plan_of_sums(tmp_path)
    with caplog.at_level(logging.INFO, logger="entropice.tiles.progress"):
        results = list(reported(Workers().run(plan, plan.tiles), plan, plan.tiles))

    first, *between, last = caplog.messages
    assert [tile for tile, _ in results] == list(plan.tiles)
    assert first == "Sums: 8 tiles; 0.0 million values to read"
    assert last.startswith("Sums: 8 tiles done in")
    assert 1 <= len(between) < N_TILES
    assert "of 8 tiles" in between[0]


def test_on_a_terminal_there_is_a_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80, _environ={"TERM": "xterm"})
    monkeypatch.setattr("rich.get_console", lambda: console)
    plan = plan_of_sums(tmp_path)

    n_results = len(list(reported(Workers().run(plan, plan.tiles), plan, plan.tiles)))

    screen = console.file.getvalue()
    assert n_results == N_TILES
    assert "8 of 8 tiles, 0 s to go" in screen
    assert "━" in screen


def test_the_rest_is_foretold_from_the_pace_by_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of_sums(tmp_path)
    progress = Progress(plan, plan.tiles, begun_s=0.0)
    monkeypatch.setattr(tile_progress, "time", SimpleNamespace(monotonic=lambda: 60.0))
    assert "an unknown time to go" in progress.so_far

    for tile in plan.tiles[:4]:
        progress.count(tile)

    # 406 of 828 values took 60 s, so that the other 422 take 62 s
    assert progress.n_values_done == 406
    assert "4 of 8 tiles" in progress.so_far
    assert "62 s to go" in progress.so_far
