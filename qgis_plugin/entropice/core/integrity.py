"""A file is opened only if it is byte for byte the one its manifest describes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .errors import RunFolderError
from .safe_names import REBUILD

_BLOCK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(_BLOCK_BYTES), b""):
            digest.update(block)
    return digest.hexdigest()


def require_intact(path: Path, n_bytes: int, sha256: str) -> None:
    """Accept a file whose size and SHA-256 are as promised.

    Raises
    ------
    RunFolderError
        The size (checked first, it is free) or the hash differs.
    """
    if path.stat().st_size != n_bytes:
        raise _damaged(path, "bytes", path.stat().st_size, n_bytes)
    actual = sha256_of(path)
    if actual != sha256:
        raise _damaged(path, "sha256", actual, sha256)


def _damaged(path: Path, field: str, got: object, expected: object) -> RunFolderError:
    return RunFolderError(
        "A file of the run is damaged or was changed after the run.",
        path=path,
        field=field,
        got=got,
        expected=str(expected),
        fix=REBUILD,
    )
