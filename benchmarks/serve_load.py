"""`entropice serve` under load beside bare inference: ``python -m benchmarks.serve_load FOLDER``.

FOLDER holds a finished run with a task that names classes and its images, as ``kedro run --env sea_ice`` leaves it. It
is copied, so that its model can be replaced while requests come. The server is the command itself, in a process of its
own; the clients are plain sockets in this one. Bare inference calls what the server's threads call, with the same
threads and nothing before them. Both are measured in turns, because a machine that others use is not the same for long;
the median turn counts. Prints Markdown. Needs the extras ``imagery`` and ``serve``.
"""

import argparse
import asyncio
import json
import shutil
import subprocess  # nosec B404
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from benchmarks.measuring import circumstances, markdown_table
from entropice.io.checksums import read_fingerprint, read_records, write_record
from entropice.run_folders import MANIFEST, run_folders_below
from entropice.serve.catalogue import Catalogue, looked
from entropice.serve.limits import Limits
from entropice.serve.pictures import picture_of
from entropice.serve.telling import classified

BOUNDARY: Final = "entropice-load"
FEW: Final = 2
MANY: Final = 200
N_RELOADS: Final = 4
PROGRAM: Final = "import sys; from entropice.cli import cli; cli(sys.argv[1:])"


@dataclass(frozen=True)
class Turn:
    """What one turn has measured: how long each answer took, and the statuses of all."""

    seconds: tuple[float, ...]
    wall_s: float
    statuses: Counter[int]

    @property
    def p95_ms(self) -> float:
        """Time within which 95 % of the answers came."""
        return float(np.quantile(self.seconds, 0.95)) * 1000

    @property
    def per_second(self) -> float:
        """Answers."""
        return len(self.seconds) / self.wall_s


class Bare:
    """The model of a folder in threads, without a server."""

    def __init__(self, root: Path, n_threads: int) -> None:
        models = looked(root, Catalogue(), n_threads).models
        self._name, self._state = next(iter(models.items()))
        self._n_threads = n_threads

    def turn(self, image: bytes, duration_s: float) -> Turn:
        """As many answers as come in a while."""
        begun = time.perf_counter()
        with ThreadPoolExecutor(self._n_threads) as threads:
            parts = [threads.submit(self._answers, image, begun + duration_s) for _ in range(self._n_threads)]
            seconds = tuple(each for part in parts for each in part.result())
        return Turn(seconds, time.perf_counter() - begun, Counter({200: len(seconds)}))

    def _answers(self, image: bytes, ends: float) -> list[float]:
        model, seconds = self._state.served, []
        if model is None:
            raise SystemExit(str(self._state.refused))
        while (begun := time.perf_counter()) < ends:
            upload = picture_of(image, model.edge_px, Limits())
            json.dumps(classified(self._name, self._state, model, upload))
            seconds.append(time.perf_counter() - begun)
        return seconds


@contextmanager
def served(root: Path, n_threads: int) -> Iterator[str]:
    """The address of the command's server."""
    options = ["serve", str(root), "--port", "0", "--threads", str(n_threads), "--interval-s", "0.2"]
    command = [sys.executable, "-c", PROGRAM, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own  # nosec B603
    try:
        yield process.stdout.readline().split("/docs")[0] if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


def request_of(image: bytes, address: str) -> bytes:
    """The bytes of a whole request."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="image"\r\n\r\n'.encode()
    body = head + image + f"\r\n--{BOUNDARY}--\r\n".encode()
    lines = (
        "POST /api/v1/classify HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def http_turn(address: str, image: bytes, n_clients: int, duration_s: float) -> Turn:
    """As many answers as come in a while to clients that each ask again as soon as they are answered."""
    request, begun = request_of(image, address), time.perf_counter()
    parts = await asyncio.gather(*(_client(address, request, begun + duration_s) for _ in range(n_clients)))
    rows = [row for part in parts for row in part]
    return Turn(tuple(row[0] for row in rows), time.perf_counter() - begun, Counter(row[1] for row in rows))


async def _client(address: str, request: bytes, ends: float) -> list[tuple[float, int]]:
    where, rows = urlsplit(address), []
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    while (begun := time.perf_counter()) < ends:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        rows.append((time.perf_counter() - begun, int(head.split(b" ", 2)[1])))
    writer.close()
    return rows


def replace_model(root: Path, slope: float) -> None:
    """Another calibration, put in place as a run does it: the output with its record, then the manifest."""
    (folder,) = run_folders_below(root)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (task,) = (task["name"] for task in manifest["tasks"] if task["kind"] == "class")
    (path,) = folder.parent.parent.glob(f"*/{task}_calibration.json")
    calibration = json.loads(path.read_text(encoding="utf-8"))
    calibration["network"]["slope"] = slope
    new = path.with_name("new.json")
    new.write_text(json.dumps(calibration), encoding="utf-8")
    write_record(path, new, read_fingerprint(path))
    new.replace(path)
    (record,) = read_records(path)
    for entry in manifest["intermediates"]:
        if entry["path"] == path.name:
            entry.update(bytes=record.n_bytes, sha256=record.sha256)
    _replace(folder / MANIFEST, manifest)


def _replace(path: Path, document: dict[str, Any]) -> None:
    new = path.with_name(".new")
    new.write_text(json.dumps(document), encoding="utf-8")
    new.replace(path)


async def reloading_turn(address: str, root: Path, image: bytes, duration_s: float, n_reloads: int) -> Turn:
    """A turn of many clients, during which the model is replaced again and again."""
    turn = asyncio.create_task(http_turn(address, image, MANY, duration_s))
    for reload in range(n_reloads):
        await asyncio.sleep(duration_s / (n_reloads + 1))
        await asyncio.to_thread(replace_model, root, 0.5 + reload)
    return await turn


def first_image(folder: Path) -> bytes:
    """One of those that the run has learned from or was judged on."""
    return sorted(folder.glob("**/*_types_images/*.tif"))[0].read_bytes()


def rows_of(root: Path, image: bytes, n_threads: int, duration_s: float, n_turns: int) -> Iterator[tuple[str, ...]]:
    """A row of the table each."""
    bare = Bare(root, n_threads)
    bare.turn(image, 1.0)
    with served(root, n_threads) as address:
        asyncio.run(http_turn(address, image, FEW, 1.0))
        for n_clients in (FEW, MANY):
            turns = [
                (bare.turn(image, duration_s), asyncio.run(http_turn(address, image, n_clients, duration_s)))
                for _ in range(n_turns)
            ]
            yield _row(f"{n_clients} clients", turns)
        reloaded = asyncio.run(reloading_turn(address, root, image, 2 * duration_s, N_RELOADS))
        yield _reloaded_row(f"{MANY} clients, model replaced {N_RELOADS} times", reloaded)


def _row(name: str, turns: list[tuple[Turn, Turn]]) -> tuple[str, ...]:
    def medians(ask: str) -> tuple[float, float, float]:
        pairs = [(getattr(bare, ask), getattr(http, ask)) for bare, http in turns]
        return (*np.median(pairs, axis=0).tolist(), float(np.median([http / bare for bare, http in pairs])))

    p95, rate = medians("p95_ms"), medians("per_second")
    cells = [f"{value:.1f}" for value in p95[:2]] + [f"{p95[2]:.2f}"]
    cells += [f"{value:.0f}" for value in rate[:2]] + [f"{rate[2]:.2f}"]
    return (name, *cells, *_counted([http for _, http in turns]))


def _reloaded_row(name: str, turn: Turn) -> tuple[str, ...]:
    """Without bare inference beside it, which replaces nothing."""
    return (name, "–", f"{turn.p95_ms:.1f}", "–", "–", f"{turn.per_second:.0f}", "–", *_counted([turn]))


def _counted(turns: Sequence[Turn]) -> tuple[str, str]:
    """Requests, and those of them that were not answered with what they asked for."""
    statuses = sum((turn.statuses for turn in turns), Counter[int]())
    n_asked = sum(statuses.values())
    return f"{n_asked}", f"{n_asked - statuses[200]}"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(shutil.copytree(given.folder, Path(place) / "root"))
        rows = list(rows_of(root, first_image(root), given.threads, given.seconds, given.turns))
    heads = ("", "bare p95 (ms)", "p95 (ms)", "ratio", "bare (1/s)", "1/s", "ratio", "requests", "lost")
    print(f"{given.threads} thread(s) that compute.\n")  # noqa: T201
    print(markdown_table(heads, rows), circumstances(), sep="\n\n")  # noqa: T201


if __name__ == "__main__":
    main()
