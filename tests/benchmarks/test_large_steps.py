"""The benchmark of steps: an enlarged cube is what its heirs say, and memory is that of all processes together."""

import sys

import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.large_run import Heirs
from benchmarks.large_steps import NOISE, of_years, watched, write_cube
from entropice.dggs import parse_grid
from entropice.io import CellCubeDataset

CELL_IDS = np.array([4, 7], dtype=np.uint64)
CUBE = xr.Dataset(
    {
        "yearly": (("cell", "year"), [[1.0, 2.0], [np.nan, 4.0]], {"units": "m"}),
        "static": ("cell", [5.0, 6.0], {"units": "degree"}),
    },
    coords={"cell_ids": ("cell", CELL_IDS), "year": [2022, 2023]},
)
HOLDS_64_MIB = "import time; held = bytearray(b'x') * 2**26; time.sleep(0.5)"
IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDS_64_MIB!r}], check=True)"


def test_every_heir_has_the_features_of_its_cell_and_years_in_turn(tmp_path):
    heirs = Heirs(parse_grid("h3_6"), np.array([10, 11, 12], dtype=np.uint64), np.array([1, 0, 1]))
    dataset = CellCubeDataset(filepath=str(tmp_path / "cube.zarr"))
    write_cube(CUBE, pd.DataFrame({"cell_id": CELL_IDS}), heirs, [2021, 2022, 2023], dataset)
    found = dataset.load()
    assert found["cell_ids"].to_numpy().tolist() == [10, 11, 12]
    assert found["yearly"].attrs == {"units": "m"}
    expected = np.array([[np.nan, 4, np.nan], [1, 2, 1], [np.nan, 4, np.nan]])
    np.testing.assert_allclose(found["yearly"], expected, rtol=6 * NOISE)
    np.testing.assert_allclose(found["static"], [6, 5, 6], rtol=6 * NOISE)
    assert found["static"][0] != found["static"][2]


def test_labels_of_other_years_are_those_of_known_years_in_turn():
    labels = pd.DataFrame({"cell_id": [4, 4, 7, 7], "year": [2022, 2023] * 2, "rts_count": [1, 2, 3, 4]})
    found = of_years(labels, [2021, 2022, 2023])
    assert found["year"].tolist() == [2021, 2022, 2023] * 2
    assert found["rts_count"].tolist() == [1, 2, 1, 3, 4, 3]


def test_memory_of_children_counts():
    alone = watched("child", [sys.executable, "-c", IN_A_CHILD])
    assert 64 < alone.peak_mib < 128
