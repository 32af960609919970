"""Which runs lie below a folder, and what is wrong with those that cannot be opened."""

from dataclasses import dataclass
from pathlib import Path

from entropice.dashboard.opened import OpenedRun, opened
from entropice.errors import InputFileError
from entropice.run_folders import run_folders_below


@dataclass(frozen=True)
class Found:
    """Runs that open, by name, and the message of each that does not."""

    runs: dict[str, Path]
    problems: dict[str, str]


def find_runs(root: Path) -> Found:
    """The runs below a folder, by their folder below it.

    The name is the path below `root`, with slashes, ``.`` for `root` itself; only manifests are read here. Runs of
    images are among the problems, as the dashboard shows cells.
    """
    runs, problems = {}, {}
    for folder in run_folders_below(root):
        name = folder.relative_to(root).as_posix()
        try:
            opened(folder, name)
            runs[name] = folder
        except InputFileError as error:
            problems[name] = str(error)
    return Found(runs, problems)


def open_chosen(found: Found, names: list[str]) -> tuple[list[OpenedRun], dict[str, str]]:
    """The runs of these names whose tables are intact, and the messages of the others.

    `names` are those of `Found.runs`, in whose order the runs come. The file of tables is read and compared with its
    SHA-256.

    Raises
    ------
    KeyError
        A name is none of `Found.runs`.
    """
    runs, problems = [], {}
    for name in names:
        try:
            run = opened(found.runs[name], name)
            run.outlines  # noqa: B018  proves the file of tables intact
            runs.append(run)
        except InputFileError as error:
            problems[name] = str(error)
    return runs, problems
