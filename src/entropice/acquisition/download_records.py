"""What was downloaded from where and when: one line of JSON a file, beside the folder."""

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
    place
        In its folder, with forward slashes.
    url, etag, last_modified
        Where it came from, and which version of it.
    n_bytes, sha256
        Of the file as it stands on disk.
    retrieved
        When it was finished (UTC, ISO 8601).
    """

    place: str
    url: str
    etag: str | None
    last_modified: str | None
    n_bytes: int
    sha256: str
    retrieved: str

    @property
    def version(self) -> str | None:
        """The better one of the two signs of a change at the source."""
        return self.etag or self.last_modified


def read_records(path: Path) -> dict[str, DownloadRecord]:
    """Receipts by place, the last one of each; a last line that a kill has cut short does not count."""
    if not path.is_file():
        return {}
    whole_lines = path.read_bytes().split(b"\n")[:-1]
    records = [DownloadRecord(**json.loads(line)) for line in whole_lines]
    return {record.place: record for record in records}


def add_record(path: Path, record: DownloadRecord) -> None:
    """Add a line, flushed to the disk; a line that a kill has cut short is taken away first."""
    with path.open("ab+") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(json.dumps(asdict(record)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_records(path: Path, records: Iterable[DownloadRecord]) -> None:
    """Write these records alone."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.writelines(json.dumps(asdict(record)).encode() + b"\n" for record in records)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
