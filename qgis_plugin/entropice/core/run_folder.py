"""Opening a run: the manifest is read and every file proved intact, before any layer exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .errors import RunFolderError
from .geopackage import require_plain_tables, require_settled
from .integrity import require_intact, require_size
from .language import tr
from .manifest import GEOPACKAGE_NAME, FileEntry, Manifest, read_manifest
from .safe_names import file_inside

Progress = Callable[[float], object]
"""Is told the share (0..1) of the bytes that were read, at least once a megabyte; what it raises ends the opening."""

_Read = TypeVar("_Read")
_MISREAD = re.compile(r"%[0-9A-Fa-f]{2}|\|[A-Za-z]+[=:]")


@dataclass(frozen=True)
class Run:
    """A run whose files were all found intact; `paths` maps each file name to its resolved path."""

    folder: Path
    manifest: Manifest
    paths: Mapping[str, Path]

    @property
    def geopackage(self) -> Path:
        """Resolved path of ``run.gpkg``, which holds the tables."""
        return self.paths[GEOPACKAGE_NAME]


def open_run(folder: Path, progress: Progress = lambda _share: None) -> Run:
    """The run in `folder`, or an error; nothing is changed and no other file is looked at.

    In this order: ``manifest.json`` is read, every file that it lists is found, its size and SHA-256 are compared, and
    the schema of ``run.gpkg`` is looked at. All bytes of all files are read, which takes as long as the disk does;
    `progress` is told how far it is.

    Raises
    ------
    RunFolderError
        The manifest is unusable, a file is missing, leads outside the folder, is not as described or cannot be read, or
        the tables are not such as the pipeline writes.
    """
    return readable(folder, lambda: _opened(folder, progress))


def readable(folder: Path, read: Callable[[], _Read]) -> _Read:
    """What `read` gives; what the system refuses becomes an error that says which file of `folder` it is.

    Only `OSError` is turned; any other error of `read` passes as it is.

    Raises
    ------
    RunFolderError
        A file cannot be read.
    """
    try:
        return read()
    except OSError as error:
        raise RunFolderError(
            tr("A file of the run cannot be read."),
            path=Path(error.filename or folder),
            field="file",
            got=error.strerror or str(error),
            expected=tr("a file that can be read"),
            fix=tr("Check the permissions of the folder and the connection to its drive, then open the run again."),
        ) from error


def _opened(folder: Path, progress: Progress) -> Run:
    manifest = read_manifest(folder)
    run = Run(
        folder.resolve(), manifest, {file.name: file_inside(folder, file.name, "files") for file in manifest.files}
    )
    require_readable_by_qgis(run.folder)
    # Before the bytes are proved: SQLite would show a log beside the file in place of what was proved.
    require_settled(run.geopackage)
    require_intact_files(manifest.files, run.paths, progress)
    require_plain_tables(run.geopackage, manifest.tables)
    return run


def require_intact_files(files: Sequence[FileEntry], paths: Mapping[str, Path], progress: Progress) -> None:
    """Accept files that are byte for byte as described; sizes are looked at first.

    `paths` has a path for each name of `files`; `progress` is told the share (0..1) of all bytes that were read, after
    each block of at most 1 MiB.

    Raises
    ------
    RunFolderError
        One is not.
    OSError
        A file cannot be read.
    """
    for file in files:
        # A copy that was cut short is told at once, before gigabytes are read.
        require_size(paths[file.name], file.n_bytes)
    n_bytes, n_read = sum(file.n_bytes for file in files), 0

    def on_block(size: int) -> None:
        nonlocal n_read
        n_read += size
        progress(n_read / n_bytes)

    for file in files:
        require_intact(paths[file.name], file.sha256, on_block)


def require_readable_by_qgis(folder: Path) -> None:
    """Accept a folder whose path QGIS reads as it is: QGIS takes ``|layername=`` for something else, GDAL ``%20``.

    The whole path counts, not only its last part.

    Raises
    ------
    RunFolderError
        The path has a ``%`` before two hexadecimal digits, or a ``|`` before letters with ``=`` or ``:`` after them.

    Examples
    --------
    >>> require_readable_by_qgis(Path("/data/100 % sure"))
    >>> require_readable_by_qgis(Path("/data/run%20one"))
    Traceback (most recent call last):
    qgis_plugin.entropice.core.errors.RunFolderError: QGIS misreads the name of a folder.
      ...
    """
    misread = _MISREAD.search(str(folder))
    if misread:
        raise RunFolderError(
            tr("QGIS misreads the name of a folder."),
            path=folder,
            field=tr("name of the folder"),
            got=misread.group(),
            expected=tr("no % before two hexadecimal digits, no | before a word with = or :"),
            fix=tr("Rename the folder, then open the run again."),
        )
