"""How long steps took when they ran last: what a comparison of runs knows of their cost."""

import json
from pathlib import Path
from typing import Final

FILE_NAME: Final = "step_seconds.jsonl"
"""In the folder of logs: no output, so that results stay the same bytes however long they took."""


def note_seconds(folder: Path, grid: str, step: str, seconds: float) -> None:
    """Append a line that says how long a step took; processes may write at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"grid": grid, "step": step, "seconds": round(seconds, 3)}) + "\n")


def seconds_by_step(folder: Path, grid: str) -> dict[str, float]:
    """Seconds of the last time that each step of a grid ran; none where nothing was noted.

    A line that is cut off, as a kill may leave it, counts as not noted.
    """
    path = folder / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    noted = [entry for line in lines if (entry := _entry(line)) is not None and entry["grid"] == grid]
    return {entry["step"]: float(entry["seconds"]) for entry in noted}


def _entry(line: str) -> dict[str, str] | None:
    try:
        entry: dict[str, str] = json.loads(line)
    except ValueError:
        return None
    return entry
