"""Arrays in shared memory: the same values in every process, one copy of them, and nothing left behind."""

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed

from entropice import shared_arrays
from entropice.shared_arrays import HAS_NAMELESS_MEMORY, stacked

ONLY_LINUX = pytest.mark.skipif(not HAS_NAMELESS_MEMORY, reason="memory cannot be shared here")
N_ROWS = 200_000

NAMED_MEMORY = Path("/dev/shm")  # noqa: S108
N_BYTES_KILLED = 8_004_000
KILLED = """
import os, signal
import numpy as np
from entropice.shared_arrays import stacked
array = stacked([np.zeros(1_000_500)], (1, 1_000_500))
os.kill(os.getpid(), signal.SIGKILL)
"""


def columns():
    return [np.full(N_ROWS, float(place)) for place in range(8)]


def n_open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def own_mb():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1e3


def seen(frame, place):
    """Sum of all values; then every value of a column is written over, here alone."""
    frame, before_mb = frame.copy(deep=False), own_mb()
    total = float(frame.to_numpy().sum())
    frame.iloc[:, place] = -1.0
    return total, own_mb() - before_mb


@ONLY_LINUX
def test_other_processes_see_the_values_without_a_copy_and_cannot_change_them():
    frame = pd.DataFrame(stacked(columns(), (8, N_ROWS)).T, copy=False)
    found = Parallel(n_jobs=2, max_nbytes=None)(delayed(seen)(frame, place) for place in range(4))
    assert [total for total, _ in found] == [28.0 * N_ROWS] * 4
    assert all(rise_mb < 0.5 * frame.to_numpy().nbytes / 1e6 for _, rise_mb in found)
    assert frame.to_numpy().sum() == 28.0 * N_ROWS


@ONLY_LINUX
def test_the_memory_goes_with_its_last_view():
    n_open = n_open_files()
    view = stacked(columns(), (8, N_ROWS))[2:5]
    assert n_open_files() > n_open
    assert (view == [[2.0], [3.0], [4.0]]).all()
    del view
    gc.collect()
    assert n_open_files() == n_open


@ONLY_LINUX
def test_a_kill_leaves_no_file(tmp_path):
    named = set(NAMED_MEMORY.iterdir())
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False).returncode == -signal.SIGKILL
    assert not list(tmp_path.iterdir())
    assert N_BYTES_KILLED not in [file.stat().st_size for file in set(NAMED_MEMORY.iterdir()) - named]


@pytest.mark.parametrize("can_share", [True, False])
@pytest.mark.parametrize("shape", [(3, 4), (0, 4), (3, 0)])
def test_arrays_are_stacked_in_their_order(shape, can_share, monkeypatch):
    monkeypatch.setattr(shared_arrays, "HAS_NAMELESS_MEMORY", can_share and HAS_NAMELESS_MEMORY)
    arrays = np.random.default_rng(0).normal(size=shape)
    assert np.array_equal(stacked(iter(arrays), shape), arrays)


def test_another_number_of_arrays_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        stacked([np.zeros(4)], (2, 4))
