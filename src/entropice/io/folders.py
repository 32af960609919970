"""Every file of a folder, also behind symbolic links."""

import os
from pathlib import Path
from typing import NoReturn

from entropice.errors import InputFileError


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and of its subfolders, sorted; links to folders are followed, each folder once.

    Links that lead nowhere are left out, as all that is no file.

    Raises
    ------
    InputFileError
        There is no such folder, or it or a subfolder cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("b.txt", "a/c.txt"):
    ...         (Path(folder) / name).parent.mkdir(exist_ok=True)
    ...         (Path(folder) / name).touch()
    ...     [file.relative_to(folder).as_posix() for file in files_below(Path(folder))]
    ['a/c.txt', 'b.txt']
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
    if isinstance(error, FileNotFoundError):
        raise InputFileError(
            "There is no such file or folder.",
            path=error.filename,
            expected="a file or folder that is there",
            fix="put it there, or correct the path",
        ) from error
    raise InputFileError(
        "A folder cannot be read.",
        path=error.filename,
        field="permissions",
        got=error.strerror,
        expected="a folder that can be read",
        fix="give permission to read it",
    ) from error
