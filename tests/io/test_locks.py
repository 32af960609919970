"""One process holds a lock file, and a second one is told which."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from entropice.errors import RunStateError
from entropice.io.locks import exclusive

HOLDER = """
import sys, time
from pathlib import Path
from entropice.io.locks import exclusive
with exclusive(Path(sys.argv[1]), "counting"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "folder/.lock"


def _hold(lock: Path) -> subprocess.Popen:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_process_is_told_who_holds_it(lock: Path) -> None:
    with _hold(lock) as holder:
        with pytest.raises(RunStateError, match="Another process is counting") as refusal, exclusive(lock, "counting"):
            pass
        holder.kill()

    assert f"process {holder.pid} on " in refusal.value.got
    assert f"kill {holder.pid}" in refusal.value.fix


def test_a_killed_process_gives_it_back(lock: Path) -> None:
    with _hold(lock) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert lock.exists()

        with exclusive(lock, "counting"):
            assert str(os.getpid()) in lock.read_text()


def test_nothing_is_left(lock: Path) -> None:
    with exclusive(lock, "counting"):
        pass

    assert list(lock.parent.iterdir()) == []


def test_an_error_gives_it_back(lock: Path) -> None:
    with pytest.raises(KeyError), exclusive(lock, "counting"):
        raise KeyError

    with exclusive(lock, "counting"):
        pass


def test_a_holder_that_has_not_yet_said_who_it_is(lock: Path) -> None:
    with exclusive(lock, "counting"):
        lock.write_text("")
        with pytest.raises(RunStateError, match="Another process") as refusal, exclusive(lock, "counting"):
            pass

    assert "unknown" in refusal.value.got


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(RunStateError, match="Nothing can be written"), exclusive(tmp_path / "a/.lock", "counting"):
        pass


def test_where_the_file_system_has_no_locks_this_is_told_and_the_block_runs(
    lock: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("entropice.io.locks.fcntl.flock", unsupported)
    caplog.set_level("INFO")

    with exclusive(lock, "counting"):
        assert lock.exists()

    assert "does not support locks (Operation not supported): do not start a run twice" in caplog.text


def test_a_file_that_its_holder_removed_meanwhile_is_made_anew(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening and locking it: a lock on a file without a name would keep nobody out."""
    locked = []

    def removing_once(descriptor: int, path: Path, _: str) -> None:
        locked.append(os.fstat(descriptor).st_nlink)
        if len(locked) == 1:
            path.unlink()

    monkeypatch.setattr("entropice.io.locks._lock", removing_once)

    with exclusive(lock, "counting"):
        assert str(os.getpid()) in lock.read_text()
    assert locked == [1, 1]
