"""Every file of a folder, also behind symbolic links."""

import os
from pathlib import Path
from typing import NoReturn

from entropice.errors import InputFileError


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and of its subfolders, sorted; links to folders are followed, each folder once.

    Raises
    ------
    InputFileError
        A subfolder cannot be read.
    """
    visited: set[tuple[int, int]] = set()
    files: list[Path] = []
    for place, subfolders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        identity = _identity(place)
        if identity in visited:
            subfolders.clear()
            continue
        visited.add(identity)
        subfolders.sort()
        files += [file for file in (Path(place, name) for name in names) if file.is_file()]
    return sorted(files)


def _identity(place: str) -> tuple[int, int]:
    status = Path(place).stat()
    return status.st_dev, status.st_ino


def _refuse(error: OSError) -> NoReturn:
    raise InputFileError(
        "A folder cannot be read.",
        path=error.filename,
        field="permissions",
        got=error.strerror,
        expected="a folder that can be read",
        fix="give permission to read it",
    ) from error
