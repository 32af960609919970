"""A project of its own for tests that run Kedro: same code and configuration, data in a scratch folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


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
    """Complete `kedro run --env test` in a project."""
    result = kedro(project, "run", "--env", "test")
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return project


def kedro_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kedro", *arguments]


def kedro_environment() -> dict[str, str]:
    return {**os.environ, "DO_NOT_TRACK": "1", "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": ""}
