"""What steps took when they ran last: what a comparison of runs and ``kedro cost --measured`` know of their cost."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE_NAME: Final = "step_seconds.jsonl"
"""In the folder of logs: no output, so that results stay the same bytes however long they took."""

_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True)
class Measured:
    """What a step took.

    Attributes
    ----------
    seconds
        By the clock, from the reading of its first input to the writing of its last output.
    peak_bytes
        Most memory that the process had held until then, steps before included; None where that was not measured.
    """

    seconds: float
    peak_bytes: int | None


def peak_bytes() -> int | None:
    """Most memory that this process has held so far (``VmHWM``), in bytes; None where the system does not say.

    It never falls: a step that stays below what one before it has held does not show. Setting it back would take it
    from whoever measures the whole process.
    """
    lines = _STATUS.read_text(encoding="ascii").splitlines() if _STATUS.is_file() else []
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)


def note_step(folder: Path, grid: str, step: str, measured: Measured) -> None:
    """Append a line that says what a step took; processes may write at the same time.

    The file is ``step_seconds.jsonl`` in `folder`, which is made; seconds are rounded to a thousandth.

    `grid` is the key of the run's grid, `step` the name of the step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    noted = {"seconds": round(measured.seconds, 3), "peak_bytes": measured.peak_bytes}
    with (folder / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"grid": grid, "step": step, **noted}) + "\n")


def measured_by_step(folder: Path, grid: str) -> dict[str, Measured]:
    """What each step of a grid took the last time that it ran; none where nothing was noted.

    Read from ``step_seconds.jsonl`` in the folder, a line of JSON a step: ``grid step seconds peak_bytes``. A line that
    is cut off, as a kill may leave it, counts as not noted.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for grid, seconds in (("h3_4", 2.0), ("h3_5", 7.0), ("h3_4", 3.0)):
    ...         note_step(Path(folder), grid, "labels.make_labels", Measured(seconds, None))
    ...     measured_by_step(Path(folder), "h3_4")
    {'labels.make_labels': Measured(seconds=3.0, peak_bytes=None)}
    """
    path = folder / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    noted = [entry for line in lines if (entry := _entry(line)) is not None and entry["grid"] == grid]
    return {entry["step"]: Measured(float(entry["seconds"]), entry.get("peak_bytes")) for entry in noted}


def seconds_by_step(folder: Path, grid: str) -> dict[str, float]:
    """Seconds of `measured_by_step`, by step."""
    return {step: measured.seconds for step, measured in measured_by_step(folder, grid).items()}


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return entry
