"""A server on this machine that publishes a folder over HTTP: sizes, versions, ranges, and faults on demand."""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Published:
    """What is served, what goes wrong, and what was asked for.

    Attributes
    ----------
    root
        Folder of the files.
    answers
        By path: made-up answers (status, headers, body) to the next GETs, one after another.
    drops_after
        By path: the next GETs break off after that many bytes of their body, as a dropped connection does.
    searches
        By path: functions of the query that give a JSON text.
    forms
        By path: functions of a form that was sent (POST) that give a status and a JSON text.
    guarded
        By the beginning of paths: who is let in there (values of ``Authorization``); all others get 401.
    requests
        Method, path and Range of every request.
    shown
        ``Authorization`` of every request.
    """

    root: Path
    url: str = ""
    answers: dict[str, deque[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    drops_after: dict[str, deque[int]] = field(default_factory=dict)
    searches: dict[str, Callable[[dict[str, list[str]]], str]] = field(default_factory=dict)
    forms: dict[str, Callable[[dict[str, str]], tuple[int, str]]] = field(default_factory=dict)
    guarded: dict[str, set[str]] = field(default_factory=dict)
    shown: list[str | None] = field(default_factory=list)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    has_ranges: bool = True
    has_head: bool = True
    says_size: bool = True
    bytes_per_s: float | None = None

    def gets(self, path: str) -> list[str | None]:
        """The Range of every GET of a path."""
        return [ranges for method, asked, ranges in self.requests if method == "GET" and asked == path]


@contextmanager
def publish(root: Path) -> Iterator[Published]:
    """Serve a folder on 127.0.0.1 until the block ends."""
    published = Published(root)
    server = _Server(("127.0.0.1", 0), lambda *args: _Handler(published, *args))
    server.daemon_threads = True
    published.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield published
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, published: Published, *args: Any) -> None:
        self.published = published
        super().__init__(*args)

    def log_message(self, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._note()
        if not self._lets_in():
            self._send(401, {}, b"")
        elif not self.published.has_head:
            self._send(405, {}, b"")
        elif (path := self._file()).is_file():
            self._send(200, self._headers(path), b"", length=path.stat().st_size if self.published.says_size else None)
        else:
            self._send(404, {}, b"")

    def do_GET(self) -> None:
        self._note()
        name = unquote(urlsplit(self.path).path)
        if not self._lets_in():
            self._send(401, {}, b"")
        elif self.published.answers.get(name):
            status, headers, body = self.published.answers[name].popleft()
            self._send(status, headers, body, length=None if "Content-Length" in headers else len(body))
        elif name in self.published.searches:
            body = self.published.searches[name](parse_qs(urlsplit(self.path).query)).encode()
            self._send(200, {"Content-Type": "application/geo+json"}, body, length=len(body))
        elif not self._file().is_file():
            self._send(404, {"Content-Type": "text/plain"}, b"no such file", length=12)
        else:
            self._send_file(self._file(), name)

    def do_POST(self) -> None:
        self._note()
        name = urlsplit(self.path).path
        sent = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if self.published.answers.get(name):
            status, headers, body = self.published.answers[name].popleft()
            self._send(status, headers, body, length=len(body))
        else:
            status, text = self.published.forms[name]({key: values[0] for key, values in sent.items()})
            self._send(status, {"Content-Type": "application/json"}, text.encode(), length=len(text.encode()))

    def _lets_in(self) -> bool:
        path = unquote(urlsplit(self.path).path)
        accepted = [those for start, those in self.published.guarded.items() if path.startswith(start)]
        return all(self.headers.get("Authorization") in those for those in accepted)

    def _send_file(self, path: Path, name: str) -> None:
        body, headers, status = path.read_bytes(), self._headers(path), 200
        ranges = self.headers.get("Range")
        if ranges and self.published.has_ranges:
            first, _, last = ranges.removeprefix("bytes=").partition("-")
            whole, end = len(body), int(last) if last else len(body) - 1
            body, status = body[int(first) : end + 1], 206
            headers |= {"Content-Range": f"bytes {first}-{end}/{whole}"}
        drops = self.published.drops_after.get(name)
        self._send(status, headers, body, length=len(body), n_sent=drops.popleft() if drops else None)

    def _send(
        self, status: int, headers: dict[str, str], body: bytes, length: int | None = 0, n_sent: int | None = None
    ) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        elif "Content-Length" not in headers:
            self.send_header("Connection", "close")
        self.end_headers()
        part = body if n_sent is None else body[:n_sent]
        if self.command != "HEAD":
            self._write(part)
        if n_sent is not None or (length is None and "Content-Length" not in headers):
            self.close_connection = True

    def _write(self, body: bytes) -> None:
        step = 1 << 16
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            if self.published.bytes_per_s:
                self.wfile.flush()
                time.sleep(step / self.published.bytes_per_s)

    def _headers(self, path: Path) -> dict[str, str]:
        return {"ETag": f'"{md5(path.read_bytes(), usedforsecurity=False).hexdigest()}"', "Accept-Ranges": "bytes"}

    def _file(self) -> Path:
        return self.published.root / unquote(urlsplit(self.path).path).lstrip("/")

    def _note(self) -> None:
        self.published.shown.append(self.headers.get("Authorization"))
        self.published.requests.append((self.command, unquote(urlsplit(self.path).path), self.headers.get("Range")))
