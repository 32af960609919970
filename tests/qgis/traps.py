"""What nobody may touch: a server that counts who asks it, and files that count who opens them."""

import ctypes
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from osgeo import gdal

CANARY = "a value of another file"
_LIBC = ctypes.CDLL(None, use_errno=True)
_IN_OPEN = 0x20


@dataclass
class Trap:
    """`url` leads to a server on this machine, `outside` is a folder beside the run; each keeps a list of its visitors.

    `outside` has ``canary.gpkg``, ``canary.tif`` and ``canary.svg``.
    """

    url: str
    outside: Path
    requests: list[str] = field(default_factory=list)


@contextmanager
def sprung(run_folder: Path, outside: Path) -> Iterator[Trap]:
    """A server that listens, and copies of files of a run that lie where a run may not reach."""
    outside.mkdir()
    shutil.copy(run_folder / "run.gpkg", outside / "canary.gpkg")
    shutil.copy(next(run_folder.glob("overview_*.tif")), outside / "canary.tif")
    (outside / "canary.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    dataset = gdal.OpenEx(str(outside / "canary.gpkg"), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL(f"UPDATE scores SET model = '{CANARY}'")  # noqa: S608
    del dataset
    trap = Trap("", outside)

    class Visitors(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            trap.requests.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Visitors) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trap.url = f"http://127.0.0.1:{server.server_port}"
        yield trap
        server.shutdown()


@contextmanager
def openings(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Which of the files were opened meanwhile, by anybody; complete when the block has ended (Linux' inotify)."""
    opened: list[Path] = []
    descriptor = _LIBC.inotify_init1(os.O_NONBLOCK)
    watches = {_LIBC.inotify_add_watch(descriptor, os.fsencode(path), _IN_OPEN): path for path in paths}
    assert -1 not in watches, os.strerror(ctypes.get_errno())
    try:
        yield opened
        opened.extend(watches[watch] for watch in _events(descriptor))
    finally:
        os.close(descriptor)


def _events(descriptor: int) -> Iterator[int]:
    """The watches of the events that wait; each event of a file has 16 bytes, the first four its watch."""
    try:
        content = os.read(descriptor, 1 << 20)
    except BlockingIOError:
        return
    for start in range(0, len(content), 16):
        yield int.from_bytes(content[start : start + 4], "little")
