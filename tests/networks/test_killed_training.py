"""Training that is killed at random moments ends with the bytes of training that is not."""

import json
import subprocess
import sys
from pathlib import Path

import killed_training
import pytest

SCRIPT = Path(killed_training.__file__)


def contents(folder):
    return {item.name: item.read_bytes() for item in folder.iterdir()}


def run(folder, n_kills, n_workers=0, seed=1):
    folder.mkdir()
    command = [sys.executable, SCRIPT, folder, n_kills, n_workers, seed]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    killed_training.train(folder)
    return killed_training.written(folder)


def require_same(unbroken, folder):
    """All states that were written, not only the last."""
    found = killed_training.written(folder)
    assert [item.name for item in found] == [item.name for item in unbroken]
    for one, other in zip(unbroken, found, strict=True):
        assert contents(one) == contents(other), one.name


def test_six_kills_leave_no_trace(unbroken, tmp_path):
    told = run(tmp_path / "killed", 6)
    assert told["kills"] >= 3
    assert told["saving"] >= 1
    assert len(set(told["states"])) >= 3, "killed at different steps"
    require_same(unbroken, tmp_path / "killed")


@pytest.mark.slow
@pytest.mark.parametrize("n_workers", [0, 2])
def test_twenty_kills_leave_no_trace(unbroken, tmp_path, n_workers):
    told = [run(tmp_path / f"killed-{seed}", 12, n_workers, seed) for seed in (2, 3)]
    assert sum(one["kills"] for one in told) >= 20
    assert sum(one["saving"] for one in told) >= 1
    for seed in (2, 3):
        require_same(unbroken, tmp_path / f"killed-{seed}")
