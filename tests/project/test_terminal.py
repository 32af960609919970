"""What a user sees of a run: a line a step, and nothing that is not for them."""

import re
from pathlib import Path

import pytest
from project_copy import kedro, steps_run
from terminals import N_COLUMNS, lines_left

from entropice.app.configuration.composition import VIRTUAL_WORLD, compose

N_STEPS = len(compose(VIRTUAL_WORLD)["__default__"].nodes)
MAX_LINES = 60


@pytest.fixture(scope="module")
def written(finished_project: Path) -> str:
    """All that the whole run has written to its terminal."""
    return (finished_project.parent / "terminal.txt").read_bytes().decode()


@pytest.fixture(scope="module")
def screen(written: str) -> list[str]:
    return [line.rstrip() for line in lines_left(written)]


def test_a_whole_run_is_a_line_a_step_with_its_time(screen: list[str]) -> None:
    assert screen[0] == f"0 of {N_STEPS} steps are up to date"
    assert len(steps_run("\n".join(screen))) == N_STEPS
    assert any(re.fullmatch(r"  modelling\.score +\d+\.\d s  missing: scores, fold_scores", line) for line in screen)
    assert len(screen) <= MAX_LINES
    assert max(map(len, screen)) <= N_COLUMNS


def test_the_lineage_is_that_of_the_environment(screen: list[str]) -> None:
    assert any(line.endswith("kedro viz run --env test") for line in screen)


def test_nothing_is_said_twice(screen: list[str]) -> None:
    said = [re.sub(r"\d", "", line) for line in screen if line]

    assert len(said) == len(set(said))


def test_bars_are_drawn_and_leave_nothing_behind(written: str, screen: list[str]) -> None:
    assert re.search(r"  out-of-fold predictions +\S*━.*\d of \d", written)
    assert not any("━" in line for line in screen)
    assert written.rfind("\x1b[?25h") > written.rfind("\x1b[?25l"), "the cursor is shown again"


def test_details_are_in_a_file(finished_project: Path, screen: list[str]) -> None:
    (line,) = (line for line in screen if line.startswith("In all "))
    log = (finished_project / line.rpartition("Details: ")[2]).read_text()

    assert "INFO kedro.io.data_catalog: Loading data from world" in log
    assert re.search(r"INFO entropice\.tiles\.progress: Terrain of the cells: 4 tiles done in", log)
    assert "modelling.score runs: missing: scores" in log


def test_without_a_terminal_the_lines_are_the_same(finished_project: Path, screen: list[str]) -> None:
    result = kedro(finished_project, "run", "--env", "test")

    *_, after = "\n".join(screen).partition("Details:")
    assert result.stdout.splitlines()[0] == f"{N_STEPS} of {N_STEPS} steps are up to date"
    assert result.stdout.splitlines()[1:] == after.splitlines()[1:]
    assert result.stderr == ""


@pytest.mark.parametrize("option", ["--pipeline", "--pipelines"])
def test_either_option_names_a_pipeline_without_noise(finished_project: Path, option: str) -> None:
    result = kedro(finished_project, "run", "--env", "test", option, "grids")

    assert result.stdout.splitlines() == ["2 of 2 steps are up to date"]
    assert result.stderr == ""
