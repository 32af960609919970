"""Which runs lie below a folder, and which were opened lately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from .errors import RunFolderError
from .image_manifest import is_of_images, read_image_manifest
from .language import tr
from .manifest import read_manifest
from .manifest_file import MANIFEST_NAME

MAX_DEPTH = 8
_A_DAY = timedelta(days=1)
MAX_FOLDERS = 20_000


@dataclass(frozen=True)
class RunEntry:
    """A folder with a manifest; `problem` says in one sentence why it is no run that can be opened, else it is empty.

    Of a run of images, `model` names its tasks.

    Only the manifest was read: whether the other files are intact shows when the run is opened.
    """

    folder: Path
    title: str
    grid_key: str
    model: str
    years: str
    problem: str


def runs_below(folder: Path) -> Iterator[RunEntry]:
    """The runs in a folder and in the folders below it, by path; links and hidden folders are not followed.

    A run is a folder with a ``manifest.json``; nothing is looked for below it, and folders that may not be read are
    passed over. They are found one by one, as they are asked for; those that cannot be opened are among them, with
    their `problem`.

    Parameters
    ----------
    folder
        Searched to a depth of 8 folders, and no more than 20,000 folders in all.
    """
    searched = islice(_folders(folder, MAX_DEPTH), MAX_FOLDERS)
    return (run_entry(found) for found in searched if _has_manifest(found))


def _folders(folder: Path, n_levels: int) -> Iterator[Path]:
    """A folder, then those below it; nothing below a run, and nothing that may not be read."""
    yield folder
    if n_levels and not _has_manifest(folder):
        for below in _below(folder):
            yield from _folders(below, n_levels - 1)


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name[0] != "." and _is_folder(path))
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _has_manifest(folder: Path) -> bool:
    return (folder / MANIFEST_NAME).is_file()


def run_entry(folder: Path) -> RunEntry:
    """What the manifest in a folder says, or why it says nothing; a run that cannot be read is no error.

    Of such a run the title is the name of the folder, `problem` one sentence, and all else empty. `years` are the first
    and the last with a dash between them, one alone where they are the same, and empty for images without days.
    """
    try:
        return _of_images(folder) if is_of_images(folder) else _of_cells(folder)
    except RunFolderError as error:
        return RunEntry(folder, folder.name, "", "", "", error.what)


def _of_images(folder: Path) -> RunEntry:
    manifest = read_image_manifest(folder)
    days = manifest.days
    years = "" if days is None else " – ".join(dict.fromkeys(str(day.year) for day in (days[0], days[1] - _A_DAY)))
    tasks = ", ".join(task.title for task in manifest.tasks)
    return RunEntry(folder, manifest.title, tr("images, no cells"), tasks, years, "")


def _of_cells(folder: Path) -> RunEntry:
    manifest = read_manifest(folder)
    years = " – ".join(dict.fromkeys(manifest.year_name(year) for year in (manifest.years[0], manifest.years[-1])))
    return RunEntry(folder, manifest.title, manifest.grid_key, manifest.map_model_title, years, "")


def with_recent(recent: Sequence[str], folder: Path, n_recent: int) -> list[str]:
    """The folders opened lately as text, `folder` first, none twice, at most `n_recent`; `recent` is not changed.

    Examples
    --------
    >>> with_recent(["b", "a"], Path("a"), 5), with_recent(["b", "a"], Path("c"), 2)
    (['a', 'b'], ['c', 'b'])
    """
    return list(dict.fromkeys([str(folder), *recent]))[:n_recent]
