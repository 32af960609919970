"""Tables on disk are read block by block, and give byte for byte what the same table in memory gives."""

import numpy as np
import pandas as pd
import pytest
import zarr
from espa_problems import small_table

from entropice.espa import ESPAClassifier, StoredTable
from entropice.espa.data.rows import CHUNK_ROWS, Rows, rows_of

BLOCK_ROWS = 2 * CHUNK_ROWS
N_ROWS = 2 * BLOCK_ROWS + 321
"""Three blocks, the last of them short."""

FITTED = [
    "box_centers_",
    "box_class_probabilities_",
    "feature_weights_",
    "feature_metric_",
    "feature_offset_",
    "feature_scale_",
    "loss_curve_",
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr("entropice.espa.data.rows.BLOCK_ROWS", BLOCK_ROWS)


def table(dtype, missing=0.1):
    X, y = small_table(2, n_rows=N_ROWS, n_features=6, missing=missing)
    return X.astype(dtype), y


def zarr_of(X, folder, chunk_rows):
    array = zarr.create_array(
        store=folder / "table.zarr", shape=X.shape, dtype=X.dtype, chunks=(chunk_rows, 4), fill_value=np.nan
    )
    array[:] = X
    return zarr.open_array(folder / "table.zarr", mode="r")


def memmap_of(X, folder, order):
    path = folder / "table.npy"
    np.save(path, np.asarray(X, order=order))
    return np.load(path, mmap_mode="r")


STORES = {
    "zarr chunks of 700": lambda X, folder: StoredTable(zarr_of(X, folder, 700)),
    "zarr chunks of 3000": lambda X, folder: StoredTable(zarr_of(X, folder, 3000)),
    "zarr one chunk": lambda X, folder: StoredTable(zarr_of(X, folder, N_ROWS)),
    "stored memmap": lambda X, folder: StoredTable(memmap_of(X, folder, "C")),
    "stored memmap by columns": lambda X, folder: StoredTable(memmap_of(X, folder, "F")),
    "memmap": lambda X, folder: memmap_of(X, folder, "C"),
    "memmap by columns": lambda X, folder: memmap_of(X, folder, "F"),
    "by columns": lambda X, folder: np.asfortranarray(X),
    "strided": lambda X, folder: np.repeat(X, 2, axis=0)[::2],
}


def small_model(**parameters):
    return ESPAClassifier(5, **{"n_init": 2, "tol": 1e-4, "random_state": 0} | parameters)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize("store", STORES)
def test_fits_and_predictions_from_disk_are_those_from_memory(store, affiliation, dtype, tmp_path):
    X, y = table(dtype)
    weights = np.random.default_rng(0).integers(0, 3, len(X)).astype(float)
    stored = STORES[store](X, tmp_path)
    from_disk = small_model(affiliation=affiliation).fit(stored, y, weights)
    from_memory = small_model(affiliation=affiliation).fit(X, y, weights)
    for name in FITTED:
        assert getattr(from_disk, name).tobytes() == getattr(from_memory, name).tobytes(), name
    for method in ("predict_proba", "box_of", "distances", "predict"):
        found, expected = getattr(from_disk, method)(stored), getattr(from_memory, method)(X)
        assert found.tobytes() == expected.tobytes(), method


@pytest.mark.parametrize("store", ["zarr chunks of 700", "stored memmap by columns"])
def test_a_precision_other_than_the_tables_is_that_of_the_computation(store, tmp_path):
    X, y = table(np.float64)
    stored = STORES[store](X, tmp_path)
    single, double = small_model(dtype="float32").fit(stored, y), small_model().fit(stored, y)
    assert single.box_centers_.tobytes() == small_model().fit(X.astype(np.float32), y).box_centers_.tobytes()
    assert double.box_centers_.tobytes() != single.box_centers_.tobytes()


@pytest.mark.parametrize("chunk_rows", [1, 700, CHUNK_ROWS, CHUNK_ROWS + 1, 5000])
def test_blocks_cover_all_rows_once_in_whole_chunks(chunk_rows, tmp_path):
    X = np.random.default_rng(0).random((6 * CHUNK_ROWS + 77, 2))
    rows = rows_of(zarr_of(X, tmp_path, chunk_rows) if chunk_rows > 1 else np.asfortranarray(X), None)
    blocks = list(rows.blocks())
    assert np.concatenate([block for _, block in blocks]).tobytes() == X.tobytes()
    assert [where.start for where, _ in blocks] == [0, *(where.stop for where, _ in blocks[:-1])]
    assert all((where.stop - where.start) % CHUNK_ROWS == 0 for where, _ in blocks[:-1])
    assert all(block.flags.c_contiguous and len(block) == where.stop - where.start for where, block in blocks)


def test_rows_ready_in_memory_are_not_copied():
    X = np.random.default_rng(0).random((3 * BLOCK_ROWS, 2))
    ((where, block),) = Rows(X, X.dtype).blocks()
    assert block is X
    assert where == slice(0, len(X))


def test_rows_are_picked_in_the_order_asked_for(tmp_path):
    X, _ = table(np.float32)
    picked = np.array([N_ROWS - 1, 3, 3, BLOCK_ROWS, 0])
    for array in (X, zarr_of(X, tmp_path, 700)):
        assert np.array_equal(Rows(array, X.dtype).pick(picked), X[picked].astype(np.float64), equal_nan=True)


def test_whole_numbers_and_half_precision_are_computed_in_double_precision():
    assert rows_of(np.zeros((3, 2), np.int32), None).dtype == np.float64
    assert rows_of(np.zeros((3, 2), np.float16), None).dtype == np.float64
    assert rows_of(np.zeros((3, 2), np.float32), None).dtype == np.float32
    assert rows_of(np.zeros((3, 2), np.float64), "float32").dtype == np.float32


@pytest.mark.parametrize("array", [np.zeros(5), np.zeros((5, 2, 2)), np.zeros((5, 2), np.int64)])
def test_a_stored_table_has_two_axes_and_real_numbers(array):
    with pytest.raises(ValueError, match=r"two axes and floating point values, got shape .* and dtype"):
        StoredTable(array)


def test_names_of_a_stored_table_fit_its_features():
    with pytest.raises(ValueError, match="Got 3 feature names for 2 features"):
        StoredTable(np.zeros((5, 2)), ["a", "b", "c"])


def test_labels_of_another_length_than_the_stored_table_are_refused():
    X, y = small_table(0)
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[60, 59\]"):
        small_model().fit(StoredTable(X), y[:-1])


def test_an_infinite_value_in_a_stored_table_is_refused_with_its_place(tmp_path):
    X, y = table(np.float32)
    model = small_model(n_init=1).fit(X, y)
    X[BLOCK_ROWS + 5, 3] = -np.inf
    stored = StoredTable(zarr_of(X, tmp_path, 700))
    message = rf"infinity in column 3 within rows {BLOCK_ROWS} to \d+: replace it by NaN"
    with pytest.raises(ValueError, match=message):
        small_model().fit(stored, y)
    with pytest.raises(ValueError, match=message):
        model.predict(stored)


def test_a_stored_table_of_other_features_is_refused():
    X, y = small_table(0)
    named = small_model().fit(StoredTable(X, ["a", "b", "c", "d"]), y)
    assert named.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="X has 3 features, but ESPAClassifier is expecting 4 features"):
        named.predict(StoredTable(X[:, :3]))
    with pytest.raises(ValueError, match=r"feature names should match .* same order"):
        named.predict(StoredTable(X, ["b", "a", "c", "d"]))
    assert named.predict(StoredTable(X, ["a", "b", "c", "d"])).tolist() == small_model().fit(X, y).predict(X).tolist()


class Truncated:
    """A table that says it has more rows than it gives."""

    def __init__(self, X, n_rows):
        self.X, self.shape, self.dtype = X, (n_rows, X.shape[1]), X.dtype

    def __getitem__(self, rows):
        return self.X[rows]


@pytest.mark.parametrize("n_rows", [61, 5000])
def test_a_stored_table_that_gives_fewer_rows_than_it_says_is_refused(n_rows):
    X, y = small_table(0)
    model = small_model().fit(X, y)
    stored = StoredTable(Truncated(X, n_rows))
    with pytest.raises(ValueError, match=rf"rows.*{n_rows}|{n_rows}.*rows"):
        small_model().fit(stored, np.resize(y, n_rows))
    with pytest.raises(ValueError, match=rf"rows.*{n_rows}|{n_rows}.*rows"):
        model.predict(stored)


def test_labels_may_be_a_named_column_beside_a_stored_table():

    X, y = small_table(0)
    expected = small_model().fit(X, y)
    assert small_model().fit(StoredTable(X), pd.Series(y, name="state")).loss_ == expected.loss_
