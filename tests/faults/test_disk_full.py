import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from kedro.io import DatasetError

from entropice.errors import RunStateError
from entropice.io import CubeDataset, TableDataset
from entropice.io.recorded import RecordedDataset

SMALL = np.zeros(4)
LARGE = np.random.default_rng(0).normal(size=100_000)
LIMIT_BYTES = 50_000


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Writes beyond a few kilobytes fail, as they do on a full disk."""
    previous = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, previous[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, previous)
    signal.signal(signal.SIGXFSZ, handler)


def _table(folder: Path) -> tuple[RecordedDataset, pd.DataFrame, pd.DataFrame]:
    return TableDataset(filepath=str(folder / "t.parquet")), pd.DataFrame({"v": SMALL}), pd.DataFrame({"v": LARGE})


def _cube(folder: Path) -> tuple[RecordedDataset, xr.Dataset, xr.Dataset]:
    small, large = (xr.Dataset({"v": ("x", values)}) for values in (SMALL, LARGE))
    return CubeDataset(filepath=str(folder / "c.zarr")), small, large


@pytest.mark.parametrize("make", [_table, _cube], ids=["file", "folder"])
def test_a_full_disk_leaves_the_old_output_and_says_so(make, tmp_path: Path, full_disk: None) -> None:
    dataset, small, large = make(tmp_path)
    dataset.save(small)
    before = sorted(p.name for p in tmp_path.rglob("*"))

    with pytest.raises(DatasetError) as caught:
        dataset.save(large)

    assert isinstance(caught.value.__cause__, RunStateError)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before
    assert len(dataset.load()["v"]) == len(SMALL)
