"""Runs that are killed just before they change a file, at any such moment, and what comes of running again.

Nothing of the package is imported here: each process imports the copy that belongs to its project.
"""

import hashlib
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["kedro.framework.session", "kedro_datasets", "geopandas", "numba", "sklearn", "xarray", "zarr"]
)

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
_HIDDEN = (".partial-", ".unfinished-", ".replaced-")


class Boundaries:
    """An audit hook that lists every change of files below a folder, and may kill the process before one of them.

    What a library changes without Python is not seen; it goes to temporary names, and random moments meet it.
    """

    def __init__(self, folder: Path, kill_at: int | None) -> None:
        self.paths: list[str] = []
        self._folder = f"{folder}{os.sep}"
        self._kill_at = kill_at

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and _writes(arguments[2])):
            path = str(Path(os.fsdecode(arguments[0])).absolute()) if not isinstance(arguments[0], int) else ""
            if path.startswith(self._folder) and "/logs/" not in path and not _stands(event, path):
                if len(self.paths) == self._kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
                self.paths.append(path)


def contents(project: Path) -> dict[str, str]:
    """SHA-256 of every file that a run leaves, but logs, and the memory of digests, which holds times."""
    root = project / "data"
    files = [file for file in root.rglob("*") if file.is_file() and "logs" not in file.parts]
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.name != ".digests.json"
    }


@dataclass(frozen=True)
class Run:
    """What to run of a project's test environment: these steps, or all; up to date or not."""

    project: Path
    steps: tuple[str, ...] = ()
    is_forced: bool = False

    def complete(self, kill_at: int | None = None) -> int:
        """The exit status of the run in a process of its own; −9 where it was killed at a boundary."""
        process = _PROCESSES.Process(target=_run, args=(self, kill_at))
        process.start()
        process.join()
        return int(process.exitcode or 0)

    @property
    def boundaries(self) -> list[str]:
        """What the last run that ended has changed, in its order."""
        paths: list[str] = json.loads(_report(self.project).read_text())
        return paths

    @property
    def output(self) -> str:
        """What the last run wrote to its terminal."""
        return _terminal(self.project).read_text()


def chosen(paths: Sequence[str], n_hidden: int) -> list[int]:
    """Every boundary that concerns a visible name, and at most so many, evenly spread, of those inside hidden ones."""
    visible = [number for number, path in enumerate(paths) if not _is_hidden(path)]
    hidden = [number for number, path in enumerate(paths) if _is_hidden(path)]
    kept = hidden[:: -(-len(hidden) // n_hidden)] if n_hidden and hidden else []
    return sorted(visible + kept)


def kill_at_boundaries(
    project: Path, step: str, n_hidden: int, unbroken: dict[str, str], concerning: str = ""
) -> Iterator[tuple[str, str]]:
    """Each chosen boundary of a step that replaces its outputs, and what a run to the end made of it.

    `concerning` is part of the paths of those that are tried.

    Threads may write a few files more or less in another run, which then may end before the last boundary.
    """
    forced = Run(project, (step,), is_forced=True)
    assert forced.complete() == 0, forced.output
    paths = forced.boundaries
    assert contents(project) == unbroken, f"{step} does not repeat its bytes"
    for number in (number for number in chosen(paths, n_hidden) if concerning in paths[number]):
        status = forced.complete(kill_at=number)
        assert status in {-signal.SIGKILL, 0}, forced.output
        yield paths[number] if status else "after its end", outcome(project, unbroken)


def outcome(project: Path, unbroken: dict[str, str]) -> str:
    """What a run to the end makes of a project as it stands."""
    run = Run(project)
    if run.complete() != 0:
        return f"cannot start: {run.output[-2000:]}"
    now = contents(project)
    return "as unbroken" if now == unbroken else f"differs: {sorted(now.items() ^ unbroken.items())[:4]}"


def _is_hidden(path: str) -> bool:
    return any(part.startswith(_HIDDEN) for part in Path(path).parts[:-1])


def _stands(event: str, path: str) -> bool:
    return event == "os.mkdir" and Path(path).is_dir()


def _writes(flags: int) -> bool:
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _report(project: Path) -> Path:
    return project.parent / f"{project.name}-boundaries.json"


def _terminal(project: Path) -> Path:
    return project.parent / f"{project.name}-terminal.txt"


def _run(run: Run, kill_at: int | None) -> None:
    with _terminal(run.project).open("w") as terminal:
        os.dup2(terminal.fileno(), 1)
        os.dup2(terminal.fileno(), 2)
    os.chdir(run.project)
    boundaries = Boundaries(run.project / "data", kill_at)
    sys.addaudithook(boundaries)
    _run_session(run)
    _report(run.project).write_text(json.dumps(boundaries.paths))


def _run_session(run: Run) -> None:
    from kedro.framework.project import settings
    from kedro.framework.startup import bootstrap_project

    bootstrap_project(run.project)
    parameters = {"force": True} if run.is_forced else {}
    with settings.SESSION_CLASS.create(run.project, env="test", runtime_params=parameters) as session:
        session.run(node_names=list(run.steps) or None)
