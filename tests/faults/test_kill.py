"""A run killed at any point leaves no torn file, and completes when run again."""

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from project_copy import copy_project, kedro, kedro_command, kedro_environment

from entropice.errors import InputFileError
from entropice.io.checksums import verify_record

N_KILLS = 3
EARLIEST_S = 3.0


def _records(project: Path) -> dict[str, str]:
    return {str(p.relative_to(project)): p.read_text() for p in sorted((project / "data").rglob("*.sha256"))}


def _kill_after(project: Path, seconds: float) -> bool:
    """Start a run, kill it hard after some seconds; True if it was still running then."""
    process = subprocess.Popen(
        kedro_command("run", "--env", "test"),
        cwd=project,
        env=kedro_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


def _damaged(project: Path) -> list[Path]:
    outputs = [record.with_suffix("") for record in (project / "data").rglob("*.sha256")]
    return [path for path in outputs if path.exists() and not _verifies(path)]


def _verifies(path: Path) -> bool:
    try:
        verify_record(path)
    except InputFileError:
        return False
    return True


@pytest.fixture(scope="module")
def duration_s(finished_project: Path) -> float:
    """From the first output to the last of an unbroken run."""
    times = [p.stat().st_mtime for p in (finished_project / "data").rglob("*.sha256")]
    return max(times) - min(times)


def test_a_killed_run_leaves_nothing_torn_and_completes_to_the_same_bytes(
    finished_project: Path, duration_s: float, project_path: Path, tmp_path: Path
) -> None:
    project = copy_project(project_path, tmp_path / "project")
    moments = random.Random(20261121)
    n_interrupted = sum(
        _kill_after(project, moments.uniform(EARLIEST_S, EARLIEST_S + duration_s)) for _ in range(N_KILLS)
    )
    assert n_interrupted >= 1

    # At most the one output whose record was about to be written may not verify yet.
    assert len(_damaged(project)) <= 1

    result = kedro(project, "run", "--env", "test")
    assert result.returncode == 0, result.stderr[-3000:]

    assert _damaged(project) == []
    assert _records(project) == _records(finished_project)
    assert not list(project.rglob(".partial-*")) + list(project.rglob(".replaced-*"))
