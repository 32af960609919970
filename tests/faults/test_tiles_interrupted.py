"""A tile plan that is killed, stopped or out of disk goes on where it was, to the bytes of an unbroken run."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tile_plans import FINGERPRINT, N_TILES, plan_of_sums, times_begun

from entropice.app.signals import ADVICE
from entropice.io import TileResultsDataset
from entropice.io.checksums import files_of

SUPPORT = Path(__file__).parents[1] / "support"
PAUSE_S = 0.1

SAVE = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from kedro.io import DatasetError
from tile_plans import FINGERPRINT, plan_of_sums
from entropice.app.signals import stops_with_advice
from entropice.io import TileResultsDataset
from entropice.tiles.parameters import ClusterParameters, TileParameters
from entropice.tiles.workers import Workers


def save(folder, kind, limit):
    dataset = TileResultsDataset(filepath=f"{folder}/moments")
    dataset.fingerprint = FINGERPRINT
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with stops_with_advice(), Workers(TileParameters(), ClusterParameters(kind=kind, n_workers=2)) as dataset.workers:
        dataset.save(plan_of_sums(Path(folder, "marks"), pause_s=float(sys.argv[5]), n_ending=int(sys.argv[6])))


if __name__ == "__main__":
    try:
        save(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    except DatasetError as error:
        print(type(error.__cause__).__name__, str(error.__cause__), sep="|")
"""


def _process(folder: Path, kind: str = "none", limit_bytes: int = 0, n_ending: int = N_TILES) -> subprocess.Popen[str]:
    (folder / "marks").mkdir(parents=True, exist_ok=True)
    script = folder / "save.py"
    script.write_text(SAVE)
    numbers = (str(limit_bytes), str(PAUSE_S), str(n_ending))
    command = [sys.executable, str(script), str(SUPPORT), str(folder), kind, *numbers]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _stop(process: subprocess.Popen[str], folder: Path, n_begun: int, pause_s: float, number: signal.Signals) -> None:
    """Send a signal a moment after so many tiles have been begun."""
    while process.poll() is None and len(times_begun(folder / "marks")) < n_begun:
        time.sleep(0.005)
    time.sleep(pause_s)
    process.send_signal(number)


def _resume(folder: Path) -> dict[str, bytes]:
    """Run again in this process, to the end; what is there then."""
    dataset = TileResultsDataset(filepath=str(folder / "moments"))
    dataset.fingerprint = FINGERPRINT
    dataset.save(plan_of_sums(folder / "marks"))
    assert list(folder.glob(".*")) == []
    return _content(folder / "moments")


def _content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in files_of(folder)}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("unbroken")
    (folder / "marks").mkdir()
    return _resume(folder)


@pytest.mark.parametrize("kind", ["none", "local"])
def test_killed_at_several_moments_it_goes_on_where_it_was(
    kind: str, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    moments = random.Random(20261121)
    for n_begun in (2, 5, 7) if kind == "none" else (2, 6):
        process = _process(tmp_path, kind, n_ending=n_begun)
        _stop(process, tmp_path, n_begun, moments.uniform(0, PAUSE_S), signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert not (tmp_path / "moments").exists()

    n_under_way = 1 if kind == "none" else 2
    assert _resume(tmp_path) == unbroken
    assert sum(times_begun(tmp_path / "marks").values()) - N_TILES <= 3 * n_under_way


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"])
@pytest.mark.parametrize("kind", ["none", "local"])
def test_asked_to_stop_it_says_how_to_go_on(
    kind: str, number: signal.Signals, status: int, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    process = _process(tmp_path, kind, n_ending=4)
    _stop(process, tmp_path, 4, PAUSE_S / 2, number)
    _, message = process.communicate(timeout=60)

    assert process.returncode == status
    assert ADVICE in message
    assert "Traceback" not in message
    assert list(tmp_path.glob(".unfinished-moments-*/tile_*.npz"))
    assert _resume(tmp_path) == unbroken


def test_a_full_disk_says_what_is_needed_and_keeps_what_is_done(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    sizes = sorted(len(content) for name, content in unbroken.items() if name.endswith(".npz"))
    process = _process(tmp_path, limit_bytes=sizes[4] + 1)
    output, errors = process.communicate()

    assert output.startswith("RunStateError|"), errors
    assert "make room" in output
    assert "GB are free" in output
    assert "for 3 tiles" in output
    assert len(list(tmp_path.glob(".unfinished-moments-*/tile_*.npz"))) == 5
    assert _resume(tmp_path) == unbroken
    assert times_begun(tmp_path / "marks") == {number: 2 if number == 5 else 1 for number in range(N_TILES)}


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    process = _process(tmp_path, "local")
    _stop(process, tmp_path, 3, 0.0, signal.SIGKILL)
    process.communicate()

    workers = {int(mark.name.split("-")[2]) for mark in (tmp_path / "marks").iterdir()}
    patience_s = time.monotonic() + 30
    while any(_is_running(worker) for worker in workers) and time.monotonic() < patience_s:
        time.sleep(0.1)
    assert [worker for worker in workers if _is_running(worker)] == []


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
