"""SHA-256 of files, folders, bytes and plain values, as 64 hexadecimal digits."""

import hashlib
import json
from pathlib import Path
from typing import Any


def sha256_of(path: Path) -> str:
    """Of a file's bytes.

    Raises
    ------
    OSError
        There is no such file, or it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_entries(folder: Path) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of every file below a folder, by name; one in a folder of its own as ``folder/name``.

    The keys are ``name``, ``bytes`` and ``sha256``; hidden files count, folders and links to nothing do not. Of a
    folder that is not there the list is empty.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_bytes(b"abc")
    ...     [(entry["name"], entry["bytes"], entry["sha256"][:8]) for entry in file_entries(Path(folder))]
    [('a.txt', 3, 'ba7816bf')]
    """
    # By path, since file systems list in orders of their own.
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [
        {"name": file.relative_to(folder).as_posix(), "bytes": file.stat().st_size, "sha256": sha256_of(file)}
        for file in files
    ]


def sha256_of_bytes(content: bytes) -> str:
    """Of bytes in memory.

    Examples
    --------
    >>> sha256_of_bytes(b"abc")
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    """
    return hashlib.sha256(content).hexdigest()


def sha256_of_value(value: Any) -> str:
    """Of a value's JSON with sorted keys.

    The text is that of Python's ``json.dumps``: separators ``", "`` and ``": "``, and escapes for all but ASCII. A
    tuple counts as a list, and 1 and 1.0 differ.

    Raises
    ------
    ValueError
        A number is NaN or infinite.
    TypeError
        JSON does not know a type.

    Examples
    --------
    >>> sha256_of_value({"b": (1, 2), "a": 0}) == sha256_of_value({"a": 0, "b": [1, 2]})
    True
    """
    return sha256_of_bytes(json.dumps(value, sort_keys=True, allow_nan=False).encode())
