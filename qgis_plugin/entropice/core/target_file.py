"""A file for the user is written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .errors import RunFolderError
from .language import tr

_UNFINISHED = ".unfinished"


def write_target(path: Path, content: bytes, field: str) -> None:
    """Write a file, in place of one that stands there; `field` is what the user gave the path as.

    It is written beside it as ``<name>.unfinished``, in place of a file of that name, and then renamed; if that fails,
    this is removed. The folder has to be there.

    Raises
    ------
    RunFolderError
        The file cannot be written; what stood there is as it was.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        unfinished.write_bytes(content)
        # Beside the target, so that the rename stays within one file system and is all or nothing.
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise not_written(path, field, error.strerror or str(error)) from error


def not_written(path: Path, field: str, got: str) -> RunFolderError:
    """The error for a target that cannot be written.

    It is returned, not raised; `field` is what the user gave the path as, `got` what the system says.
    """
    return RunFolderError(
        tr("A file cannot be written; what stood there is as it was."),
        path=path,
        field=field,
        got=got,
        expected=tr("a name in a folder that can be written to"),
        fix=tr("Choose another name or folder."),
    )
