import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.learning.folds import deal_blocks, equal_area_coordinates_m, make_folds

N_CELLS = 120


def grid_of_cells(seed, n_blocks=12):
    random = np.random.default_rng(seed)
    return (
        np.arange(N_CELLS, dtype=np.uint64) + 7,
        random.integers(0, n_blocks, N_CELLS).astype(np.uint64),
        random.uniform(0, 1e6, (N_CELLS, 2)),
    )


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_every_cell_is_tested_once_and_blocks_stay_whole(seed):
    cell_ids, blocks, coordinates_m = grid_of_cells(seed)
    folds = make_folds(cell_ids, blocks, coordinates_m, 4, 50_000.0, seed)
    assert len(folds) == 2 * 4 * N_CELLS
    for scheme in ("spatial", "random"):
        tested = folds[(folds["scheme"] == scheme) & (folds["role"] == "test")]
        assert sorted(tested["cell_id"]) == cell_ids.tolist()
    spatial = folds[(folds["scheme"] == "spatial") & (folds["role"] == "test")]
    block_of = dict(zip(cell_ids.tolist(), blocks.tolist(), strict=True))
    n_folds_by_block = spatial.groupby(spatial["cell_id"].map(block_of))["fold"].nunique()
    assert (n_folds_by_block == 1).all()


@given(seed=st.integers(0, 1000), buffer_m=st.floats(0.0, 150_000.0))
@settings(max_examples=20, deadline=None)
def test_the_buffer_is_exactly_the_cells_near_a_test_cell(seed, buffer_m):
    cell_ids, blocks, coordinates_m = grid_of_cells(seed)
    folds = make_folds(cell_ids, blocks, coordinates_m, 3, buffer_m, seed)
    distances_m = np.linalg.norm(coordinates_m[:, None] - coordinates_m[None], axis=2)
    for fold in range(3):
        roles = folds[(folds["scheme"] == "spatial") & (folds["fold"] == fold)]["role"].to_numpy()
        is_near = distances_m[:, roles == "test"].min(axis=1) <= buffer_m
        assert ((roles == "buffer") == ((buffer_m > 0) & is_near & (roles != "test"))).all()
    assert set(folds.loc[folds["scheme"] == "random", "role"]) == {"train", "test"}


@given(sizes=st.lists(st.integers(1, 30), min_size=5, max_size=30), seed=st.integers(0, 100))
def test_fold_sizes_differ_by_no_more_than_the_largest_block(sizes, seed):
    blocks = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    counts = np.bincount(deal_blocks(blocks, 5, np.random.default_rng(seed)), minlength=5)
    assert counts.max() - counts.min() <= max(sizes)


def test_the_seed_decides():
    arguments = (*grid_of_cells(0), 4, 0.0)
    assert make_folds(*arguments, 1).equals(make_folds(*arguments, 1))
    assert not make_folds(*arguments, 1).equals(make_folds(*arguments, 2))


def test_too_few_blocks_is_an_error_with_a_fix():
    with pytest.raises(LabelError, match=r"got: 2 blocks for 5 folds(.|\n)*fix: lower modelling.folds.n_folds"):
        deal_blocks(np.array([1, 1, 2], dtype=np.uint64), 5, np.random.default_rng(0))


def test_a_buffer_that_swallows_all_training_cells_is_an_error():
    with pytest.raises(LabelError, match="No training cell is left"):
        make_folds(*grid_of_cells(0), 3, 2e6, 0)


def test_coordinates_join_across_pole_and_antimeridian():
    east, west = equal_area_coordinates_m(np.array([179.99, -179.99]), np.array([70.0, 70.0]))
    assert np.linalg.norm(east - west) == pytest.approx(0.02 * 111_320 * np.cos(np.radians(70)), rel=0.02)
    near, beyond = equal_area_coordinates_m(np.array([0.0, 180.0]), np.array([89.9, 89.9]))
    assert np.linalg.norm(near - beyond) == pytest.approx(2 * 0.1 * 111_694, rel=1e-3)
