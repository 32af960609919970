"""A full disk leaves the old output, and says so."""

import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_BYTES = 50_000
"""Writes beyond this fail in the child process, as they do on a full disk (its own limit: this process may log)."""

SAVE_ON_A_FULL_DISK = """
import resource, signal, sys
import numpy as np, pandas as pd, xarray as xr
from kedro.io import DatasetError
from entropice.io import CubeDataset, TableDataset

kind, path, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
make = {"file": lambda v: pd.DataFrame({"v": v}), "folder": lambda v: xr.Dataset({"v": ("x", v)})}[kind]
dataset = {"file": TableDataset, "folder": CubeDataset}[kind](filepath=path)
small, large = np.zeros(4), np.random.default_rng(0).normal(size=100_000)

dataset.save(make(small))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    dataset.save(make(large))
except DatasetError as error:
    print(type(error.__cause__).__name__, str(error.__cause__), sep="|")
assert len(dataset.load()["v"]) == len(small)
"""


@pytest.mark.parametrize(("kind", "name"), [("file", "t.parquet"), ("folder", "c.zarr")])
def test_a_full_disk_leaves_the_old_output_and_says_so(kind: str, name: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", SAVE_ON_A_FULL_DISK, kind, str(tmp_path / name), str(LIMIT_BYTES)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    error, message = result.stdout.split("|", 1)
    assert error == "RunStateError"
    assert name in message
    assert "make room" in message
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, f"{name}.sha256"])
