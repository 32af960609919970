"""Files of distances: what comes back, and what is refused."""

import pickle

import numpy as np
import pytest
from kedro.io import DatasetError

from entropice.errors import InputFileError
from entropice.io import DistancesDataset
from entropice.io.checksums import files_of

DISTANCES = {
    "b_2": np.array([[-0.5, 0.5], [1.5, 64.0]], np.float16),
    "a_1": np.array([[0.914, -64.0]], np.float16),
}


def _saved(folder, distances=DISTANCES):
    dataset = DistancesDataset(filepath=str(folder / "distances"))
    dataset.save(distances.items())
    return dataset


def test_distances_come_back_as_they_were_also_in_another_process(tmp_path):
    found = pickle.loads(pickle.dumps(_saved(tmp_path).load()))  # noqa: S301 - as a loader sends it to its processes
    assert found.keys == ("a_1", "b_2")
    for key, expected in DISTANCES.items():
        assert found.read(key).dtype == np.float32
        assert np.array_equal(found.read(key), expected.astype(np.float32))


def test_where_nothing_learns_from_them_there_are_none(tmp_path):
    assert _saved(tmp_path, {}).load().keys == ()


def test_the_same_distances_give_the_same_bytes(tmp_path):
    one, other = (_saved(tmp_path / name).path for name in ("one", "other"))
    assert [file.read_bytes() for file in files_of(one)] == [file.read_bytes() for file in files_of(other)]


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"PK\x03\x04 no zip")])
def test_missing_and_damaged_files_are_named(tmp_path, damage):
    dataset = _saved(tmp_path)
    found = dataset.load()
    damage(dataset.path / "a_1.npz")
    with pytest.raises(InputFileError, match=r"a_1\.npz"):
        found.read("a_1")
    with pytest.raises(DatasetError):
        dataset.load()
