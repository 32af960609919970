"""Records of downloaded files (origin, version, time, hash): one line of JSON a file, beside the folder."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


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
        """ETag, or else Last-Modified; None without either."""
        return self.etag or self.last_modified


def read_records(path: Path) -> dict[str, DownloadRecord]:
    """Records by `relative_path`, the last one of each; an incomplete last line is left out."""
    if not path.is_file():
        return {}
    whole_lines = path.read_bytes().split(b"\n")[:-1]
    records = [DownloadRecord(**json.loads(line)) for line in whole_lines]
    return {record.relative_path: record for record in records}


def add_record(path: Path, record: DownloadRecord) -> None:
    """Append a line and flush it to the disk; an incomplete last line is removed first."""
    with path.open("ab+") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(json.dumps(asdict(record)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_records(path: Path, records: Iterable[DownloadRecord]) -> None:
    """Replace all records, atomically."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.writelines(json.dumps(asdict(record)).encode() + b"\n" for record in records)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
