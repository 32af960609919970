"""Runs that are killed hard while they are at work, and what they leave."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

from project_copy import kedro_command, kedro_environment

from entropice.errors import InputFileError
from entropice.io.checksums import verify_record

N_KILLS = 3
LONGEST_PAUSE_S = 0.3


def kill_runs(project: Path, n_outputs: int) -> None:
    """Start a run several times and kill it at a random moment, later each time; a whole run makes `n_outputs`."""
    moments = random.Random(20261121)
    for n_records in sorted(moments.sample(range(1, n_outputs - 1), N_KILLS)):
        assert killed_at(project, kedro_command("run", "--env", "test"), n_records, moments.uniform(0, LONGEST_PAUSE_S))


def records(project: Path) -> dict[str, str]:
    """The record of every output."""
    return {str(p.relative_to(project)): p.read_text() for p in sorted((project / "data").rglob("*.sha256"))}


def damaged(project: Path) -> list[Path]:
    """Outputs that are not as their record says."""
    outputs = [record.with_suffix("") for record in (project / "data").rglob("*.sha256")]
    return [path for path in outputs if path.exists() and not _verifies(path)]


def _n_recorded(project: Path) -> int:
    """How many outputs a run has recorded that is still writing: folders may vanish under the walk."""
    return sum(name.endswith(".sha256") for *_, names in os.walk(project / "data") for name in names)


def killed_at(project: Path, command: list[str], n_records: int, pause_s: float) -> bool:
    """Start a run, kill it hard a moment after so many outputs have been recorded; True if it was still running."""
    process = subprocess.Popen(
        command,
        cwd=project,
        env=kedro_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and _n_recorded(project) < n_records:
        time.sleep(0.02)
    time.sleep(pause_s)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


def _verifies(path: Path) -> bool:
    try:
        verify_record(path)
    except InputFileError:
        return False
    return True
