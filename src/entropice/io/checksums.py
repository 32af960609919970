"""SHA-256 records beside files and folders, in the format that ``sha256sum -c`` reads.

A comment in the record is the output's fingerprint: what it was made with, such as parameters and the content of its
inputs.
"""

import glob
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entropice.errors import InputFileError
from entropice.io.atomic import atomic_file
from entropice.sha256 import sha256_of, sha256_of_bytes

_HEADER = "# made with "

DigestOf = Callable[[Path], str]
"""SHA-256 of a file: computed, or remembered."""


@dataclass(frozen=True)
class FileRecord:
    """What identifies a file's content: its path relative to some root, its size and its SHA-256."""

    path: str
    n_bytes: int
    sha256: str


def files_of(path: Path) -> list[Path]:
    """The file itself, or every file below a folder, sorted."""
    return [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())


def external_files(path: Path) -> list[Path]:
    """A foreign file with its companions (a shapefile's .dbf, .prj, …), or every file of a folder; none if absent."""
    if path.is_dir():
        return files_of(path)
    return sorted(item for item in path.parent.glob(f"{glob.escape(path.stem)}.*") if item.is_file())


def record_path(path: Path) -> Path:
    """Where the record of a file or folder stands: ``<name>.sha256`` beside it."""
    return path.with_name(path.name + ".sha256")


def write_record(path: Path, content: Path, fingerprint: dict[str, Any], digest_of: DigestOf = sha256_of) -> None:
    """Record for `path` the content that still stands at another place and is about to be moved there."""
    header = _HEADER + json.dumps(fingerprint, sort_keys=True) + "\n"
    with atomic_file(record_path(path)) as temporary:
        temporary.write_text(header + _listing(content, path.name, digest_of), encoding="utf-8")


def read_fingerprint(path: Path) -> dict[str, Any]:
    """The fingerprint of an output, as it was recorded."""
    header = record_path(path).read_text(encoding="utf-8").splitlines()[0]
    fingerprint: dict[str, Any] = json.loads(header.removeprefix(_HEADER))
    return fingerprint


def content_sha256(path: Path) -> str:
    """One SHA-256 for all that a recorded output holds."""
    return sha256_of_bytes("\n".join(_recorded_lines(path)).encode())


def given_sha256(path: Path, digest_of: DigestOf = sha256_of) -> str | None:
    """One SHA-256 for all that a foreign file with its companions, or a folder, holds; None where there is nothing."""
    if not path.exists():
        return None
    lines = [f"{digest_of(file)}  {file.relative_to(path.parent).as_posix()}" for file in external_files(path)]
    return sha256_of_bytes("\n".join(lines).encode())


def recorded_digests(path: Path) -> dict[str, str]:
    """SHA-256 of every recorded file, by its path relative to the folder that holds the output."""
    return {name: digest for digest, name in (line.split("  ", 1) for line in _recorded_lines(path))}


def verify_record(path: Path, digest_of: DigestOf = sha256_of) -> None:
    """Pass only if `path` holds exactly what was recorded for it.

    Raises
    ------
    InputFileError
        No record, or a file was changed, added or removed since.
    """
    _require_record(path)
    _compare_with_record(path, _listing(path, path.name, digest_of))


def verify_recorded_files(path: Path, digest_of: DigestOf = sha256_of) -> None:
    """As `verify_record`, but a folder may hold more files than were recorded.

    Raises
    ------
    InputFileError
        No record, or a recorded file was changed or removed since.
    """
    _require_record(path)
    standing = [name for name in recorded_digests(path) if (path.parent / name).is_file()]
    _compare_with_record(path, "".join(f"{digest_of(path.parent / name)}  {name}\n" for name in standing))


def _require_record(path: Path) -> None:
    record = record_path(path)
    if not record.is_file():
        raise InputFileError("No checksum record stands beside this output.", path=path, expected=record.name)


def _compare_with_record(path: Path, listing: str) -> None:
    recorded, found = set(_recorded_lines(path)), set(listing.splitlines())
    if recorded != found:
        differing = sorted({line.split("  ", 1)[1] for line in recorded ^ found})
        raise InputFileError(
            "This output was changed or damaged since it was written, or its writing was interrupted.",
            path=path,
            field="SHA-256",
            got=f"{len(differing)} file(s) that differ from {record_path(path).name}",
            sample=differing,
        )


def read_records(path: Path) -> list[FileRecord]:
    """The recorded files of an output; paths are relative to the folder that holds it."""
    recorded = recorded_digests(path)
    return [FileRecord(name, (path.parent / name).stat().st_size, digest) for name, digest in recorded.items()]


def record_of(path: Path, root: Path, digest_of: DigestOf = sha256_of) -> FileRecord:
    """The record of one file as it stands now, its path relative to `root` where it lies below it."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return FileRecord(name, path.stat().st_size, digest_of(path))


def _recorded_lines(path: Path) -> list[str]:
    lines = record_path(path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _listing(content: Path, name: str, digest_of: DigestOf = sha256_of) -> str:
    """A line per file, as if the content were called `name`."""
    names = {file: (Path(name) / file.relative_to(content)).as_posix() for file in files_of(content)}
    return "".join(f"{digest_of(file)}  {listed}\n" for file, listed in names.items())
