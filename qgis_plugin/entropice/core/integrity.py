"""A file is opened only if it is byte for byte the one its manifest describes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .safe_names import REBUILD

_BLOCK_BYTES = 1 << 20


def sha256_of(path: Path, on_block: Callable[[int], object]) -> str:
    """SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits.

    `on_block` is told the size of each block of at most 1 MB that was read; what it raises ends the reading.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(_BLOCK_BYTES), b""):
            digest.update(block)
            on_block(len(block))
    return digest.hexdigest()


def require_size(path: Path, n_bytes: int) -> None:
    """Accept a file of that many bytes.

    Nothing is read: an intact size says nothing of the content.

    Raises
    ------
    RunFolderError
        The size differs.
    OSError
        There is no such file.
    """
    if path.stat().st_size != n_bytes:
        raise _damaged(path, "bytes", path.stat().st_size, n_bytes)


def require_intact(path: Path, sha256: str, on_block: Callable[[int], object]) -> None:
    """Accept a file whose SHA-256 is as promised; `on_block` as in `sha256_of`.

    `sha256` is given as 64 lower-case hexadecimal digits.

    Raises
    ------
    RunFolderError
        The hash differs.
    OSError
        The file cannot be read.
    """
    actual = sha256_of(path, on_block)
    if actual != sha256:
        raise _damaged(path, "sha256", actual, sha256)


def _damaged(path: Path, field: str, got: object, expected: object) -> RunFolderError:
    return RunFolderError(
        tr("A file of the run is damaged or was changed after the run."),
        path=path,
        field=field,
        got=got,
        expected=str(expected),
        fix=tr(REBUILD),
    )
