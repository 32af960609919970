"""Each step has its line: from its first input to its last output, with the reason why it ran."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kedro.pipeline import node

from entropice.app import step_lines as module
from entropice.app.step_lines import StepLines, _line
from entropice.io.step_seconds import measured_by_step

GRID = "h3_4"


def both(*values: Any) -> Any:
    return values


SPLIT = node(both, ["a", "b"], ["c", "d"], name="labels.split")
SOURCE = node(both, None, "e", name="world.make")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(module, "show", lines.append)
    return lines


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that is set by hand."""
    clock = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    return clock


@pytest.fixture
def lines(tmp_path: Path) -> StepLines:
    lines, state = StepLines(), SimpleNamespace(reasons={SPLIT.name: "its code has changed"})
    context: Any = SimpleNamespace(incremental_state=state, work_root=tmp_path, grid_root=tmp_path / GRID)
    lines.after_context_created(context)
    return lines


def test_a_step_lasts_from_its_first_input_to_its_last_output(
    lines: StepLines, shown: list[str], now: SimpleNamespace, tmp_path: Path
) -> None:
    lines.before_dataset_loaded(SPLIT)
    now.seconds += 1.5
    lines.before_dataset_loaded(SPLIT)
    lines.before_node_run(SPLIT)
    now.seconds += 2.0
    lines.after_dataset_saved("c", SPLIT)
    assert shown == []
    now.seconds += 0.5
    lines.after_dataset_saved("d", SPLIT)

    assert shown == [f"  {'labels.split':<34}    4.0 s  its code has changed"]
    assert measured_by_step(tmp_path / "logs", GRID)["labels.split"].seconds == 4.0


def test_steps_under_way_together_have_times_of_their_own(
    lines: StepLines, shown: list[str], now: SimpleNamespace, tmp_path: Path
) -> None:
    lines.before_dataset_loaded(SPLIT)
    now.seconds += 10.0
    lines.before_node_run(SOURCE)
    now.seconds += 1.0
    lines.after_dataset_saved("e", SOURCE)
    lines.after_dataset_saved("d", SPLIT)
    lines.after_dataset_saved("c", SPLIT)

    assert [line.split()[:2] for line in shown] == [["world.make", "1.0"], ["labels.split", "11.0"]]
    seconds = {step: one.seconds for step, one in measured_by_step(tmp_path / "logs", GRID).items()}
    assert seconds == {"world.make": 1.0, "labels.split": 11.0}


def test_a_step_that_runs_again_begins_anew(lines: StepLines, shown: list[str], now: SimpleNamespace) -> None:
    for seconds in (5.0, 3.0):
        lines.before_node_run(SOURCE)
        now.seconds += seconds
        lines.after_dataset_saved("e", SOURCE)

    assert [line.split()[1] for line in shown] == ["5.0", "3.0"]


@pytest.mark.parametrize(
    ("seconds", "took"), [(0.04, "   0.0 s"), (99.94, "  99.9 s"), (100.0, "   2 min"), (7260.0, "2 h 1 min")]
)
def test_a_line_stands_in_columns_and_ends_where_there_is_no_reason(seconds: float, took: str) -> None:
    assert _line("build", seconds, "") == f"  {'build':<34} {took}"
    assert _line("build", seconds, "new") == f"  {'build':<34} {took}  new"
