"""Public files over HTTP: size and version, bytes from any offset, and servers' errors as messages."""

import email.utils
import io
import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from entropice.acquisition.addresses import onward, require_secure
from entropice.acquisition.retry import RetryPolicy, TransientError
from entropice.errors import DownloadError, without_keys

BLOCK_BYTES: Final = 1 << 16
TRANSIENT_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
NO_HEAD_STATUSES: Final = frozenset({405, 501})
CONNECTION_ERRORS: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
# Compressed on the way, sizes and ranges would be those of other bytes than the file's.
HEADERS: Final = {"Accept-Encoding": "identity", "User-Agent": "entropice"}
PAGE_STARTS: Final = (b"<!doctype html", b"<html")

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class MissingError(DownloadError):
    """There is no such file: HTTP 404 or 410."""


@dataclass(frozen=True)
class RemoteFile:
    """Size and version of a file at its server, from its headers.

    Attributes
    ----------
    n_bytes
        None where the server gives no size.
    etag, last_modified
        Headers that identify the version; None where the server does not send them.
    """

    url: str
    n_bytes: int | None
    etag: str | None
    last_modified: str | None

    @property
    def version(self) -> str | None:
        """ETag, or else Last-Modified; None without either."""
        return self.etag or self.last_modified


class _Session(requests.Session):
    """Follows redirects to public servers only."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where an answer sends on to; None if it does not."""
        target: str | None = super().get_redirect_target(resp)
        return None if target is None else onward(resp.url, target)


class HttpClient:
    """HTTPS with retry; plain HTTP from this machine only.

    Tried again are connections that fail and the statuses 408, 425, 429, 500, 502, 503 and 504; all other statuses than
    200 and 206 are refused at once, as are answers of the type ``text/html``. Redirects to public servers are followed.

    Parameters
    ----------
    retry
        How transient failures are retried.
    timeout_s
        After this time without a byte, a connection counts as dropped (s).
    n_parallel
        Connections that are kept open to one server.
    """

    def __init__(self, retry: RetryPolicy, timeout_s: float, n_parallel: int) -> None:
        self.retry = retry
        self._timeout_s = timeout_s
        self._n_parallel = n_parallel
        self._session = _Session()
        self._session.headers.update(HEADERS)
        self._session.mount("https://", HTTPAdapter(pool_maxsize=n_parallel))
        self._session.mount("http://", HTTPAdapter(pool_maxsize=n_parallel))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def describe(self, url: str) -> RemoteFile:
        """Size and version of a file.

        By HEAD; by the headers of GET where the server has no HEAD (405, 501).

        Raises
        ------
        DownloadError
            The file does not exist or is not public, the server sends a web page instead, or does not answer.
        """

        def ask() -> RemoteFile:
            with self._answer("HEAD", url) as answer:
                if answer.status_code not in NO_HEAD_STATUSES:
                    return _described(url, answer)
            with self._answer("GET", url) as answer:
                return _described(url, answer)

        return self.retry.call(ask, url)

    def at_once(self, ask: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
        """Call a function for many items in parallel threads; results in the order of the items.

        What one call raises is raised.

        `ask` is the function, called once an item; there are `n_parallel` threads.
        """
        with ThreadPoolExecutor(self._n_parallel, thread_name_prefix="web") as threads:
            return list(threads.map(ask, items))

    def read(self, url: str, **query: Any) -> bytes:
        """A whole small file, or the answer to a query.

        `query` goes behind the address. The bytes are held in memory.

        Raises
        ------
        DownloadError
            The file does not exist or is not public, or the server sends a web page instead or does not answer.
        """

        def ask() -> bytes:
            with self._answer("GET", url, params=query) as answer:
                _require_data(url, answer)
                with _named_failures():
                    return answer.content

        return self.retry.call(ask, url)

    def submit(self, url: str, form: Mapping[str, str]) -> bytes:
        """The answer to a form; where the server sends on to another address, the form is not sent there.

        Raises
        ------
        DownloadError
            Access is refused, there is no such address, or the server sends on, sends a web page or does not answer.
        """

        def ask() -> bytes:
            with self._answer("POST", url, data=form, allow_redirects=False) as answer:
                _require_data(url, answer)
                with _named_failures():
                    return answer.content

        return self.retry.call(ask, url)

    def part(self, remote: RemoteFile, offset: int, n_bytes: int) -> bytes:
        """A range of a file's bytes: `n_bytes` of them from `offset` on (from 0), fewer at the file's end.

        `remote` is the file as `describe` gave it.

        Raises
        ------
        DownloadError
            The file does not exist, is not public or has changed since it was described, or the server does not answer
            or does not support ranges.
        """
        ranges = {"Range": f"bytes={offset}-{offset + n_bytes - 1}"}

        def ask() -> bytes:
            with self._answer("GET", remote.url, headers=ranges) as answer:
                _require_data(remote.url, answer)
                _require_unchanged(remote, answer)
                if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
                    raise DownloadError(
                        "The server does not send parts of files.",
                        path=remote.url,
                        got=_status(answer),
                        expected="HTTP 206",
                        fix="download whole files, or choose another copy of the data",
                    )
                with _named_failures():
                    return answer.content

        return self.retry.call(ask, remote.url)

    @contextmanager
    def stream(self, remote: RemoteFile, offset: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Yield the offset of the first byte sent, and blocks of bytes; one try.

        The offset is the wanted one if the server supports ranges, else 0. Blocks are of 64 KiB, the last one of less.

        Parameters
        ----------
        remote
            The file as `describe` gave it.
        offset
            First byte that is wanted, from 0.

        Raises
        ------
        TransientError
            The server is busy or the connection dropped.
        DownloadError
            The file does not exist, is not public, or has changed since it was described.
        """
        ranges = {"Range": f"bytes={offset}-"} if offset else {}
        with self._answer("GET", remote.url, headers=ranges) as answer:
            _require_data(remote.url, answer)
            _require_unchanged(remote, answer)
            starts_at = offset if answer.status_code == HTTPStatus.PARTIAL_CONTENT else 0
            with _named_failures():
                yield starts_at, self._blocks(answer)

    def _blocks(self, answer: requests.Response) -> Iterator[bytes]:
        for block in answer.iter_content(BLOCK_BYTES):
            self.retry.refuse_if_stopping()
            yield block

    @contextmanager
    def _answer(self, method: str, url: str, **options: Any) -> Iterator[requests.Response]:
        require_secure(url)
        with _named_failures():
            answer = self._session.request(
                method, url, **{"stream": True, "timeout": self._timeout_s, "allow_redirects": True} | options
            )
        with answer:
            if answer.status_code in TRANSIENT_STATUSES:
                raise TransientError(_status(answer), _retry_after_s(answer.headers.get("Retry-After")))
            yield answer


class HttpRangeReader(io.RawIOBase):
    """Seekable reader of a remote file by range requests.

    Parameters
    ----------
    remote
        Its size must be known.
    failures
        Errors of reads are appended here and the read returns no bytes, because exceptions cannot pass through callers
        written in C.

    Raises
    ------
    DownloadError
        The size is not known.
    """

    def __init__(self, web: HttpClient, remote: RemoteFile, failures: list[DownloadError]) -> None:
        if remote.n_bytes is None:
            raise DownloadError(
                "The server does not say how large the file is, so no part of it can be asked for.",
                path=remote.url,
                field="Content-Length",
                fix="download whole files, or choose another copy of the data",
            )
        self._web, self._remote, self._n_bytes, self._failures = web, remote, remote.n_bytes, failures
        self._position = 0

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Always true."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the position, in bytes from the beginning, the current position or the end; nothing is requested.

        The new position is returned; it may lie behind the end, where reads give nothing.

        Raises
        ------
        KeyError
            `whence` is none of 0, 1 and 2.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._n_bytes}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Position of the next read, in bytes from the beginning."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; the number of bytes read, 0 at the end of the file.

        After a failure, which goes to `failures`, it is always 0.
        """
        n_wanted = max(0, min(len(buffer), self._n_bytes - self._position))
        if not n_wanted or self._failures:
            return 0
        try:
            content = self._web.part(self._remote, self._position, n_wanted)
        except DownloadError as error:
            self._failures.append(error)
            return 0
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except CONNECTION_ERRORS as error:
        said = without_keys(str(error))
        raise TransientError(f"the connection failed ({type(error).__name__}: {said})") from None
    except requests.RequestException as error:
        said = without_keys(str(error))
        raise DownloadError(f"The location cannot be asked ({said}).", fix="correct it in conf") from None


def _described(url: str, answer: requests.Response) -> RemoteFile:
    _require_data(url, answer)
    length = answer.headers.get("Content-Length")
    return RemoteFile(
        url, None if length is None else int(length), answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    )


def _require_data(url: str, answer: requests.Response) -> None:
    status = answer.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise DownloadError(
            "The server refuses access.",
            path=url,
            field="status",
            got=_status(answer),
            expected="a public file",
            fix="check the location in conf/…/download/parameters.yml; a key may be needed, or the store has moved",
        )
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise MissingError(
            "There is no such file at its source.",
            path=url,
            field="status",
            got=_status(answer),
            expected="HTTP 200",
            fix="check the location in conf/…/download/parameters.yml: the publisher may have moved it",
        )
    if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise DownloadError(
            "The server answers unexpectedly.",
            path=url,
            field="status",
            got=_status(answer),
            expected="HTTP 200 or 206",
            fix="open the address in a browser, and correct it in conf/…/download/parameters.yml if it has moved",
        )
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise page_instead_of_data(url)


def page_instead_of_data(url: str) -> DownloadError:
    """The error for a web page where a file should be. It is returned, not raised."""
    return DownloadError(
        "The server sends a web page instead of the data.",
        path=url,
        field="Content-Type",
        got="HTML",
        expected="the file itself",
        fix="open the address in a browser: it may ask for a login, or be the page about the file, not the file",
    )


def _require_unchanged(remote: RemoteFile, answer: requests.Response) -> None:
    for name, expected in (("ETag", remote.etag), ("Last-Modified", remote.last_modified)):
        found = answer.headers.get(name)
        if expected is not None and found is not None:
            if found != expected:
                raise DownloadError(
                    "The file was changed at its source while it was being downloaded.",
                    path=remote.url,
                    field=name,
                    got=found,
                    expected=expected,
                    fix="run the same command again: this file begins anew",
                )
            return


def _status(answer: requests.Response) -> str:
    return f"HTTP {answer.status_code} {answer.reason} from {urlsplit(answer.url).netloc}"


def _retry_after_s(value: str | None) -> float | None:
    """Seconds, given as such or as a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value).timestamp()
    except ValueError:
        return None
    return max(0.0, math.ceil(moment - time.time()))
