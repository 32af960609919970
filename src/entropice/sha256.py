"""SHA-256 of files, folders, bytes and plain values, as 64 hexadecimal digits."""

import hashlib
import json
from pathlib import Path
from typing import Any


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_entries(folder: Path) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of every file below a folder, by name; one in a folder of its own as ``folder/name``."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [
        {"name": file.relative_to(folder).as_posix(), "bytes": file.stat().st_size, "sha256": sha256_of(file)}
        for file in files
    ]


def sha256_of_bytes(content: bytes) -> str:
    """Of bytes in memory."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_value(value: Any) -> str:
    """Of a value's JSON with sorted keys; NaN is refused."""
    return sha256_of_bytes(json.dumps(value, sort_keys=True, allow_nan=False).encode())
