"""Runs of the test environment that are killed at random moments."""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from boundaries import contents
from project_copy import kedro, kedro_command, kedro_environment

PARTS = ("grids,labels", "modelling", "reporting")
"""Pipelines that are made again and killed; every WHOLE-th kill meets a whole run that begins with nothing."""

WHOLE = 10


def kill_at_random(project: Path, n_kills: int, seed: int, unbroken: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What was killed when, and what a run to the end made of it."""
    random_ = random.Random(seed)
    durations_s = {part: _duration_s(project, part) for part in PARTS}
    for number in range(n_kills):
        part = random_.choice(PARTS) if number % WHOLE else None
        if part is None:
            shutil.rmtree(project / "data")
        longest_s = durations_s[part] if part else sum(durations_s.values()) * 2
        pause_s = random_.uniform(0, longest_s)
        was_running = _kill_after(project, part, pause_s)
        what = f"{part or 'a whole run'} after {pause_s:.1f} s" + ("" if was_running else " (had ended)")
        yield what, _completed(project, unbroken)


def _arguments(part: str | None) -> list[str]:
    return ["run", "--env", "test", *(["--pipelines", part, "--params", "force=true"] if part else [])]


def _duration_s(project: Path, part: str) -> float:
    begun_s = time.monotonic()
    assert kedro(project, *_arguments(part)).returncode == 0
    return time.monotonic() - begun_s


def _kill_after(project: Path, part: str | None, pause_s: float) -> bool:
    """Start a run and kill it; True if it was still running."""
    process = subprocess.Popen(
        kedro_command(*_arguments(part)),
        cwd=project,
        env=kedro_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(pause_s)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


def _completed(project: Path, unbroken: dict[str, str]) -> str:
    result = kedro(project, "run", "--env", "test")
    if result.returncode != 0:
        return f"cannot start: {(result.stdout + result.stderr)[-2000:]}"
    now = contents(project)
    return "as unbroken" if now == unbroken else f"differs: {sorted(now.items() ^ unbroken.items())[:4]}"
