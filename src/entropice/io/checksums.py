"""SHA-256 records beside files and folders, in the format that ``sha256sum -c`` reads.

A comment in the record is the output's fingerprint: what it was made with, such as parameters and the content of its
inputs.
"""

import glob
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from entropice.errors import InputFileError
from entropice.io.atomic import atomic_file
from entropice.io.folders import files_below
from entropice.sha256 import sha256_of, sha256_of_bytes

_HEADER: Final = "# made with "
_LINE: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<name>\S.*)")

DigestOf = Callable[[Path], str]
"""SHA-256 of a file: computed, or remembered."""


@dataclass(frozen=True)
class FileRecord:
    """What identifies a file's content: its path relative to some root, its size and its SHA-256."""

    path: str
    n_bytes: int
    sha256: str


def files_of(path: Path) -> list[Path]:
    """The file itself, or every file below a folder, sorted.

    Links to folders are followed.

    Raises
    ------
    InputFileError
        There is no such file or folder, or a folder cannot be read.
    """
    return [path] if path.is_file() else files_below(path)


def external_files(path: Path) -> list[Path]:
    """A foreign file with its companions (a shapefile's .dbf, .prj, …), or every file of a folder; none if absent.

    Companions share the name up to its last dot and lie beside it: ``rts.shp`` has ``rts.dbf`` and ``rts.shp.xml``, but
    not ``rts_2023.dbf``. Sorted.

    Raises
    ------
    InputFileError
        A subfolder cannot be read.
    """
    if path.is_dir():
        return files_of(path)
    return sorted(item for item in path.parent.glob(f"{glob.escape(path.stem)}.*") if item.is_file())


def record_path(path: Path) -> Path:
    """Where the record of a file or folder stands: ``<name>.sha256`` beside it.

    Examples
    --------
    >>> record_path(Path("05_features/climate.zarr")).as_posix()
    '05_features/climate.zarr.sha256'
    """
    return path.with_name(path.name + ".sha256")


def write_record(path: Path, content: Path, fingerprint: dict[str, Any], digest_of: DigestOf = sha256_of) -> None:
    """Record for `path` the content that still stands at another place and is about to be moved there.

    The first line is ``# made with <fingerprint>``, as JSON with sorted keys; then comes ``<sha256>  <name>`` of each
    file, in the order of `files_of`, where names begin with that of `path`.

    Parameters
    ----------
    path
        The output; the record goes beside it, whole or not at all.
    content
        Its file or folder, as it stands now.
    fingerprint
        What it is made with, as values that JSON has; goes into the first line.
    digest_of
        SHA-256 of a file.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written.
    InputFileError
        The content cannot be read.
    """
    header = _HEADER + json.dumps(fingerprint, sort_keys=True) + "\n"
    with atomic_file(record_path(path)) as temporary:
        temporary.write_text(header + _listing(content, path.name, digest_of), encoding="utf-8")


def has_record(path: Path) -> bool:
    """Whether a record stands beside a file or folder, in whatever state."""
    return record_path(path).exists()


def is_ours(path: Path) -> bool:
    """Whether this project wrote what stands at a path: its record begins as ours do, or lost all of its text.

    The record is ``<name>.sha256`` beside it and begins with ``# made with`` and a blank. It has lost its text where it
    is empty, cut off within these words, or no UTF-8. Nothing is hashed. False where no record can be read.
    """
    try:
        text = _record_text(path)
    except InputFileError as error:
        return isinstance(error.__cause__, UnicodeDecodeError)
    return text.startswith(_HEADER) or _HEADER.startswith(text)


def read_fingerprint(path: Path) -> dict[str, Any]:
    """The fingerprint of an output, as it was recorded.

    Raises
    ------
    InputFileError
        The record cannot be read, or does not begin with a fingerprint.
    """
    header, _ = _read_record(path)
    if header is None:
        raise _damaged_record(path, "no fingerprint in its first line")
    try:
        fingerprint = json.loads(header)
    except ValueError as error:
        raise _damaged_record(path, f"a fingerprint that is no JSON ({error})") from error
    if not isinstance(fingerprint, dict):
        raise _damaged_record(path, "a fingerprint that is no JSON object")
    return fingerprint


def content_sha256(path: Path) -> str:
    """One SHA-256 for all that a recorded output holds: of the record's lines, a line a file; no file is read.

    Of the lines ``<sha256>  <name>``, joined by line feeds, none at the end; the fingerprint does not count.

    Raises
    ------
    InputFileError
        The record cannot be read.
    """
    return sha256_of_bytes("\n".join(_recorded_lines(path)).encode())


def given_sha256(path: Path, digest_of: DigestOf = sha256_of) -> str | None:
    """One SHA-256 for all that a foreign file with its companions, or a folder, holds; None where there is nothing.

    It is that of the lines ``<sha256>  <name>`` of its files (`external_files`), joined by line feeds, where names are
    relative to the folder that holds `path`; so names count as content does, and places and times do not.

    Raises
    ------
    InputFileError
        A file or folder cannot be read.
    """
    if not path.exists():
        return None
    files = {file: file.relative_to(path.parent).as_posix() for file in external_files(path)}
    lines = [f"{_digest(file, digest_of)}  {name}" for file, name in files.items()]
    return sha256_of_bytes("\n".join(lines).encode())


def recorded_digests(path: Path) -> dict[str, str]:
    """SHA-256 of every recorded file, by its path relative to the folder that holds the output.

    Files themselves are not looked at.

    Raises
    ------
    InputFileError
        The record cannot be read.
    """
    return {name: digest for digest, name in (line.split("  ", 1) for line in _recorded_lines(path))}


def verify_record(path: Path, digest_of: DigestOf = sha256_of) -> None:
    """Pass only if `path` holds exactly what was recorded for it.

    Every file is read, unless `digest_of` remembers it.

    Raises
    ------
    InputFileError
        No record, or a file was changed, added or removed since.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "cells.csv"
    ...     _ = path.write_text("1")
    ...     write_record(path, path, {"parameters": {"level": 4}})
    ...     verify_record(path)
    ...     _ = path.write_text("2")
    ...     try:
    ...         verify_record(path)
    ...     except InputFileError as error:
    ...         read_fingerprint(path), error.sample
    ({'parameters': {'level': 4}}, ['cells.csv'])
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
    _compare_with_record(path, "".join(f"{_digest(path.parent / name, digest_of)}  {name}\n" for name in standing))


def _require_record(path: Path) -> None:
    record = record_path(path)
    if not record.exists():
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
    """The recorded files of an output; paths are relative to the folder that holds it.

    Raises
    ------
    InputFileError
        The record cannot be read, or a recorded file is missing.
    """
    return [FileRecord(name, _n_bytes(path.parent / name), digest) for name, digest in recorded_digests(path).items()]


def record_of(path: Path, root: Path, digest_of: DigestOf = sha256_of) -> FileRecord:
    """The record of one file as it stands now, its path relative to `root` where it lies below it.

    A file elsewhere goes by its name alone.

    Raises
    ------
    InputFileError
        It cannot be read.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return FileRecord(name, _n_bytes(path), _digest(path, digest_of))


def _recorded_lines(path: Path) -> list[str]:
    return _read_record(path)[1]


def _read_record(path: Path) -> tuple[str | None, list[str]]:
    """The fingerprint as text, where there is one, and a line per file."""
    lines = _record_text(path).removesuffix("\n").split("\n")
    header = lines.pop(0).removeprefix(_HEADER) if lines[0].startswith(_HEADER) else None
    if not all(_is_about(line, path.name) for line in lines):
        raise _damaged_record(path, "a line that is no SHA-256 with the name of a file")
    return header, lines


def _record_text(path: Path) -> str:
    try:
        return record_path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _damaged_record(path, "bytes that are no text") from error
    except OSError as error:
        raise _damaged_record(path, error.strerror or str(error)) from error


def _is_about(line: str, name: str) -> bool:
    """Whether a line of a record gives the SHA-256 of a file or folder of this name, or of a file below it."""
    match = _LINE.fullmatch(line)
    parts = match["name"].split("/") if match else []
    return parts[:1] == [name] and ".." not in parts


def _damaged_record(path: Path, got: str) -> InputFileError:
    return InputFileError(
        "The checksum record beside this output is damaged.",
        path=path,
        field=record_path(path).name,
        got=got,
        expected="a line of what it was made with, and the SHA-256 of every file",
    )


def _digest(file: Path, digest_of: DigestOf) -> str:
    try:
        return digest_of(file)
    except OSError as error:
        raise _unreadable(file, error) from error


def _n_bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> InputFileError:
    return InputFileError(
        "A file cannot be read.",
        path=file,
        field="content",
        got=error.strerror,
        expected="a file that can be read",
        fix="give permission to read it, or get it again",
    )


def _listing(content: Path, name: str, digest_of: DigestOf = sha256_of) -> str:
    """A line per file, as if the content were called `name`."""
    names = {file: (Path(name) / file.relative_to(content)).as_posix() for file in files_of(content)}
    return "".join(f"{_digest(file, digest_of)}  {listed}\n" for file, listed in names.items())
