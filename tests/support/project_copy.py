"""A project of its own for tests that run Kedro: same code and configuration, data in a scratch folder."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from terminals import run_in_terminal


def copy_project(source: Path, target: Path) -> Path:
    """Copy code with its compiled loops, configuration and metadata; data stay behind."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("pyproject.toml", ".telemetry"):
        shutil.copy(source / name, target / name)
    for name in ("conf", "src"):
        shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("*.egg-info"))
    return target


def kedro(project: Path, *arguments: str, timeout_s: float = 600) -> subprocess.CompletedProcess[str]:
    """Run a Kedro command in `project` as a user would."""
    return subprocess.run(
        kedro_command(*arguments),
        cwd=project,
        env=kedro_environment(),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def finish(project: Path) -> Path:
    """Complete `kedro run --env test` in a project; what it writes to its terminal is kept beside the project."""
    environment = {name: value for name, value in kedro_environment().items() if name != "COLUMNS"}
    status, written = run_in_terminal(kedro_command("run", "--env", "test"), project, environment | {"TERM": "xterm"})
    (project.parent / "terminal.txt").write_bytes(written.encode())
    assert status == 0, written[-3000:]
    return project


def steps_run(output: str) -> list[str]:
    """The steps that a run says to have run, in their order."""
    return re.findall(r"^  (\w+\.\w+) +\d\S* (?:s|min|h|d)\b", output, flags=re.MULTILINE)


def kedro_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kedro", *arguments]


def kedro_environment() -> dict[str, str]:
    """What Kedro is run with: a crash of a native library tells where it happened."""
    ours = {"DO_NOT_TRACK": "1", "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "", "PYTHONFAULTHANDLER": "1"}
    return {**os.environ, **ours}
