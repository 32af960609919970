"""Records of downloaded files (origin, version, time, hash): one line of JSON a file, beside the folder."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from entropice.errors import InputFileError


@dataclass(frozen=True)
class DownloadRecord:
    """One finished file.

    Attributes
    ----------
    relative_path
        Path in its folder, with forward slashes.
    url, etag, last_modified
        Address and version at the source.
    n_bytes, sha256
        Of the file as it stands on disk.
    retrieved
        When it was finished (UTC, ISO 8601).
    """

    relative_path: str
    url: str
    etag: str | None
    last_modified: str | None
    n_bytes: int
    sha256: str
    retrieved: str

    @property
    def version(self) -> str | None:
        """ETag, or else Last-Modified; None without either.

        Examples
        --------
        >>> DownloadRecord("a.tif", "https://example.org/a.tif", None, "Mon, 02 Jan 2023", 3, "", "2024-01-01").version
        'Mon, 02 Jan 2023'
        """
        return self.etag or self.last_modified


def read_records(path: Path) -> dict[str, DownloadRecord]:
    """Records by `relative_path`, the last one of each; an incomplete last line is left out.

    In the order in which files were first recorded; empty where there is no such file.

    Raises
    ------
    InputFileError
        A whole line is no record; the error tells which.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "ice.records.jsonl"
    ...     add_record(path, DownloadRecord("a.nc", "https://example.org/a.nc", "v1", None, 3, "", "2024-01-01"))
    ...     add_record(path, DownloadRecord("a.nc", "https://example.org/a.nc", "v2", None, 3, "", "2024-02-01"))
    ...     _ = path.write_bytes(path.read_bytes() + b'{"relative_path": "b')  # cut off by a kill
    ...     {name: record.version for name, record in read_records(path).items()}
    {'a.nc': 'v2'}
    """
    if not path.is_file():
        return {}
    whole_lines = path.read_bytes().split(b"\n")[:-1]
    records = [_record(path, number, line) for number, line in enumerate(whole_lines, start=1)]
    return {record.relative_path: record for record in records}


def _record(path: Path, number: int, line: bytes) -> DownloadRecord:
    try:
        return DownloadRecord(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise InputFileError(
            "A record of a download is damaged.",
            path=path,
            field=f"line {number}",
            got=line.decode(errors="replace")[:80],
            expected="a line of JSON as Entropice writes it",
            fix="delete this line; the file that it told of is fetched again",
        ) from error


def add_record(path: Path, record: DownloadRecord) -> None:
    """Append a line and flush it to the disk; an incomplete last line is removed first.

    A line is the record's fields as a JSON object. The file is made where it is missing; its folder must stand.
    """
    with path.open("ab+") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(json.dumps(asdict(record)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_records(path: Path, records: Iterable[DownloadRecord]) -> None:
    """Replace all records, atomically: a line each, in the order given."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.writelines(json.dumps(asdict(record)).encode() + b"\n" for record in records)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
