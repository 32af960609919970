"""Download plans: files, their origin and size, known before a byte is transferred."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from entropice.acquisition.http import PAGE_STARTS, HttpClient, RemoteFile, page_instead_of_data
from entropice.acquisition.retry import TransientError
from entropice.errors import DownloadError
from entropice.sha256 import sha256_of_bytes

GIGA: Final = 1e9
_NAME: Final = r"(?!\.{1,2}(?:/|$))[^/\\:\x00-\x1f]+"
_FILE_BELOW: Final = re.compile(f"{_NAME}(?:/{_NAME})*")


@dataclass(frozen=True)
class Checksum:
    """Published hash of a file.

    Attributes
    ----------
    algorithm
        Name of the algorithm in ``hashlib``, such as ``sha256`` or ``md5``.
    digest
        Hexadecimal digits, in lower case.
    """

    algorithm: str
    digest: str


@dataclass(frozen=True)
class Download:
    """One file of a plan; raises DownloadError for a path that leaves the plan's folder.

    Attributes
    ----------
    relative_path
        Path of the finished file in the plan's folder, with forward slashes.
    origin
        Address and version at the source.
    n_bytes
        To be transferred; None where the server gives no size.
    is_exact
        Whether `n_bytes` is exact, not an estimate.
    disk_bytes
        Size of the finished file, exact or estimated.
    fetch
        Writes the file to a path; a partial file that is there already may be resumed.
    """

    relative_path: str
    origin: RemoteFile
    n_bytes: int | None
    is_exact: bool
    disk_bytes: int
    fetch: Callable[[Path], None]

    def __post_init__(self) -> None:
        if not _FILE_BELOW.fullmatch(self.relative_path):
            raise DownloadError(
                "A file would leave the folder of its source.",
                path=self.origin.url,
                field="relative_path",
                got=repr(self.relative_path),
                expected="names of folders and a file, with forward slashes between",
                fix="choose another copy of the data: its index names files that are none of its own",
            )

    @property
    def key(self) -> str:
        """Hash of address, version and size at the source: a partial file of another key cannot be resumed.

        Sixteen hexadecimal digits: the first of the SHA-256 of ``<url> <version> <n_bytes>``, where ``None`` stands for
        a version that is not known, or a size that is not exact.
        """
        identity = f"{self.origin.url} {self.origin.version} {self.n_bytes if self.is_exact else None}"
        return sha256_of_bytes(identity.encode())[:16]


@dataclass(frozen=True)
class DownloadPlan:
    """All files of one source.

    Attributes
    ----------
    source
        Name of the source, for messages.
    n_at_once
        Files that are fetched at the same time.
    max_bytes
        A plan that would transfer more is refused.
    stop
        Ends transfers in progress; their partial files are kept.
    """

    source: str
    downloads: tuple[Download, ...]
    n_at_once: int
    max_bytes: float
    stop: Callable[[], None]

    def __post_init__(self) -> None:
        n_files = Counter(download.relative_path for download in self.downloads)
        repeated = [path for path, n in n_files.items() if n > 1]
        if repeated:
            raise DownloadError(
                f"{self.source}: several files have one path.",
                field="relative_path",
                sample=repeated,
                fix="name each file once in conf/…/download/parameters.yml",
            )


def whole_file(
    web: HttpClient,
    remote: RemoteFile,
    relative_path: str,
    checksum: Checksum | None = None,
    n_bytes: int | None = None,
) -> Download:
    """A file downloaded as a whole: resumed where the server supports ranges, checked against published size and hash.

    Nothing is fetched here. Fetching refuses, with DownloadError too, a web page where a file should be (it begins with
    ``<!doctype html`` or ``<html``, in any case) and bytes without the published hash, and deletes both. A file whose
    size the server does not give begins anew each time, and counts as 0 bytes on disk in the plan.

    Parameters
    ----------
    remote
        Address, size and version as the server gives them.
    relative_path
        Where the file goes in the plan's folder.
    checksum, n_bytes
        As the publisher states them; None where that is not done.

    Raises
    ------
    DownloadError
        The size at the server differs from the published one.
    """
    if n_bytes is not None and remote.n_bytes is not None and n_bytes != remote.n_bytes:
        raise DownloadError(
            "The file's size at its source is not the published one.",
            path=remote.url,
            field="Content-Length",
            got=remote.n_bytes,
            expected=n_bytes,
            fix="the publisher has changed it, or the location is wrong: compare with the publisher's page",
        )
    fetch = partial(_fetch_whole, web, remote, checksum)
    return Download(relative_path, remote, remote.n_bytes, remote.n_bytes is not None, remote.n_bytes or 0, fetch)


def known_content(content: bytes, remote: RemoteFile, relative_path: str) -> Download:
    """A file whose content was read while planning. It is kept in memory until it is written.

    Its size is that of the content, whatever `remote` says.

    Examples
    --------
    >>> download = known_content(b"fid", RemoteFile("https://example.org/i.parquet", 3, None, None), "index.parquet")
    >>> download.relative_path, download.n_bytes, download.is_exact
    ('index.parquet', 3, True)
    """
    return Download(relative_path, remote, len(content), True, len(content), partial(_write, content))


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _fetch_whole(web: HttpClient, remote: RemoteFile, checksum: Checksum | None, path: Path) -> None:
    web.retry.call(partial(_resume, web, remote, path), remote.url, partial(_size, path))
    _refuse_page(remote, path)
    if checksum is not None:
        _verify(remote, checksum, path)


def _resume(web: HttpClient, remote: RemoteFile, path: Path) -> None:
    """Append the missing bytes to a partial file, in one try."""
    if remote.n_bytes is not None and _size(path) > remote.n_bytes:
        path.unlink()
    offset = _size(path)
    if offset == remote.n_bytes and path.exists():
        return
    # Without a size nobody can tell whether a partial file is whole: it begins anew, as it does where the server sends
    # all although it was asked for the rest.
    with (
        web.stream(remote, offset if remote.n_bytes is not None else 0) as (starts_at, blocks),
        path.open("ab") as file,
    ):
        file.truncate(starts_at)
        for block in blocks:
            file.write(block)
    if remote.n_bytes is not None and _size(path) != remote.n_bytes:
        raise TransientError(f"the body ended after {_size(path):,} of {remote.n_bytes:,} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _refuse_page(remote: RemoteFile, path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(64).lstrip().lower()
    if start.startswith(PAGE_STARTS):
        path.unlink()
        raise page_instead_of_data(remote.url)


def _verify(remote: RemoteFile, checksum: Checksum, path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, checksum.algorithm).hexdigest()
    if found != checksum.digest:
        path.unlink()
        raise DownloadError(
            "The bytes are not those that were published.",
            path=remote.url,
            field=checksum.algorithm,
            got=found,
            expected=checksum.digest,
            fix="run the same command again; if it happens twice, the publisher has changed the file: ask them, and "
            "correct the checksum in conf/…/download/parameters.yml",
        )
