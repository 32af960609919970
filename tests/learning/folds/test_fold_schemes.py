"""Laws of every scheme that deals cells into folds, and what each adds to them."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from fold_problems import ground_of
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import LabelError
from entropice.learning.folds import SCHEMES
from entropice.learning.folds.coordinates import (
    equal_area_coordinates_m,
    is_near_any,
    nearest_other_m,
)
from entropice.learning.folds.dealing import deal_blocks
from entropice.learning.folds.knndm import distances_to_training_m, wasserstein_m
from entropice.learning.folds.region import regions
from entropice.learning.folds.table import has_role, make_folds, require_contrast

N_CELLS, BUFFER_M = 120, 50_000.0
YEARS = np.array([2021, 2022, 2023])
APART = [name for name, scheme in SCHEMES.items() if scheme.keeps_blocks_apart]


def ground(seed=0, n_blocks=12, **changes):
    """Cells in blocks that are squares of a square of 1000 km, on a map ten times as dense."""
    random = np.random.default_rng(seed)
    n_side = int(np.ceil(np.sqrt(n_blocks)))
    corners = np.array(list(product(range(n_side), repeat=2)))[:n_blocks] * 1e6 / n_side
    blocks = np.arange(N_CELLS) % n_blocks
    coordinates_m = corners[blocks] + random.uniform(0, 1e6 / n_side, (N_CELLS, 2))
    given = {
        "map_coordinates_m": np.vstack([coordinates_m, random.uniform(0, 1e6, (10 * N_CELLS, 2))]),
        "years": YEARS, "n_folds": 4, "buffer_m": BUFFER_M,
    }  # fmt: skip
    cell_ids = np.arange(N_CELLS, dtype=np.uint64) + 7
    return ground_of(cell_ids, blocks.astype(np.uint64), coordinates_m, **given | changes)


def rows_of(places):
    keys = {"cell_id": np.repeat(places.cell_ids, len(YEARS)), "year": np.tile(YEARS, N_CELLS)}
    return pd.DataFrame(keys)


def folds_of(places, scheme, seed=0):
    return make_folds(places, [scheme], seed)


def masks(places, roles):
    """Training, test and buffer of the rows of all cells and years."""
    return (has_role(rows_of(places), roles, role) for role in ("train", "test", "buffer"))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_a_row_has_one_role_in_a_fold_and_every_cell_is_tested_in_one(scheme, seed):
    places = ground(seed)
    folds = folds_of(places, scheme, seed)
    assert list(folds.columns) == ["scheme", "fold", "cell_id", "year", "role"]
    assert sorted(folds.loc[folds["role"] == "test", "cell_id"]) == places.cell_ids.tolist()
    for _, roles in folds.groupby("fold"):
        assert (np.sum(list(masks(places, roles)), axis=0) == 1).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_other_year_of_a_tested_cell_is_in_training(scheme):
    places = ground()
    for _, roles in folds_of(places, scheme).groupby("fold"):
        is_train, is_test, _ = masks(places, roles)
        cells = rows_of(places)["cell_id"]
        assert not cells[is_train].isin(cells[is_test]).any()


@pytest.mark.parametrize("scheme", APART)
@given(seed=st.integers(0, 1000), buffer_m=st.floats(0.0, 150_000.0))
@settings(max_examples=8, deadline=None)
def test_schemes_that_keep_blocks_apart_split_none_and_keep_the_buffer(scheme, seed, buffer_m):
    places = ground(seed, buffer_m=buffer_m)
    block, coordinates_m = np.repeat(places.block_ids, len(YEARS)), np.repeat(places.coordinates_m, len(YEARS), axis=0)
    for _, roles in folds_of(places, scheme, seed).groupby("fold"):
        is_train, is_test, _ = masks(places, roles)
        assert not set(block[is_train]) & set(block[is_test])
        assert not is_near_any(coordinates_m[is_train], coordinates_m[is_test], buffer_m).any()


@given(seed=st.integers(0, 1000), buffer_m=st.floats(0.0, 150_000.0))
@settings(max_examples=20, deadline=None)
def test_the_buffer_is_exactly_the_cells_near_a_test_cell(seed, buffer_m):
    places = ground(seed, buffer_m=buffer_m)
    distances_m = np.linalg.norm(places.coordinates_m[:, None] - places.coordinates_m[None], axis=2)
    for _, roles in folds_of(places, "spatial", seed).groupby("fold"):
        role = roles["role"].to_numpy()
        is_near = distances_m[:, role == "test"].min(axis=1) <= buffer_m
        assert ((role == "buffer") == ((buffer_m > 0) & is_near & (role != "test"))).all()


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name not in APART])
def test_the_other_schemes_have_no_buffer(scheme):
    assert set(folds_of(ground(), scheme)["role"]) == {"train", "test"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_seed_decides_and_other_schemes_do_not(scheme):
    places = ground()
    own = folds_of(places, scheme, 1)
    together = make_folds(places, list(SCHEMES), 1)
    pd.testing.assert_frame_equal(own, together[together["scheme"] == scheme].reset_index(drop=True))
    assert not own.equals(folds_of(places, scheme, 2)) or scheme == "region"
    assert together["scheme"].unique().tolist() == list(SCHEMES)


@given(sizes=st.lists(st.integers(1, 30), min_size=5, max_size=30), seed=st.integers(0, 100))
def test_fold_sizes_differ_by_no_more_than_the_largest_block(sizes, seed):
    blocks = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    counts = np.bincount(deal_blocks(blocks, 5, np.random.default_rng(seed)), minlength=5)
    assert counts.max() - counts.min() <= max(sizes)


def test_regions_are_contiguous_and_keep_blocks_whole():
    """Sixteen blocks in a square become four quarters: no cell is nearer to the middle of another region."""
    places = ground(n_blocks=16)
    region = regions(places, 4, np.random.default_rng(0))
    centres_m = np.array([places.coordinates_m[region == each].mean(axis=0) for each in range(4)])
    of_block = pd.Series(region).groupby(places.block_ids).nunique()
    nearest = np.linalg.norm(places.coordinates_m[:, None] - centres_m[None], axis=2).argmin(axis=1)
    assert of_block.tolist() == [1] * 16
    assert (nearest == region).mean() > 0.9


def test_a_fold_of_years_tests_its_year_on_other_cells_and_years():
    places = ground()
    rows = rows_of(places)
    for fold, roles in folds_of(places, "year").groupby("fold"):
        is_train, is_test, _ = masks(places, roles)
        assert set(rows["year"][is_test]) == {YEARS[fold]}
        assert set(rows["year"][is_train]) == set(YEARS) - {YEARS[fold]}


def test_distances_of_knndm_are_those_worked_by_hand():
    """Cells at 0, 1, 3 and 7 km; folds {0, 1} and {3, 7}; the map has a cell at 4 km besides."""
    places_m = np.array([[0.0, 0], [1e3, 0], [3e3, 0], [7e3, 0]])
    fold = np.array([0, 0, 1, 1])
    assert distances_to_training_m(places_m, fold).tolist() == [3e3, 2e3, 2e3, 6e3]
    of_map_m = nearest_other_m(np.vstack([places_m, [[4e3, 0]]]), places_m)
    assert of_map_m.tolist() == [1e3, 1e3, 2e3, 4e3, 1e3]
    # W is the area between the two distribution functions, a fifth a cell of the map, a quarter a tested cell
    assert wasserstein_m(places_m, fold, of_map_m) == pytest.approx(3250 - 1800)


def test_knndm_meets_the_distances_of_a_map_better_than_random_and_spatial_folds():
    """A third of the map is far away; random folds hold none such, spatial folds no others."""
    random = np.random.default_rng(0)
    far_m = random.uniform([1.05e6, 0], [1.15e6, 1e6], (N_CELLS // 2, 2))
    near = ground(n_blocks=16)
    places = ground(n_blocks=16, map_coordinates_m=np.vstack([near.coordinates_m, far_m]))
    of_map_m = nearest_other_m(places.map_coordinates_m, places.coordinates_m)
    w_m = {}
    for scheme in ("knndm", "random", "spatial"):
        folds = folds_of(places, scheme)
        tested = folds[folds["role"] == "test"].set_index("cell_id")["fold"].loc[places.cell_ids].to_numpy()
        w_m[scheme] = wasserstein_m(places.coordinates_m, tested, of_map_m)
    assert w_m["knndm"] < 0.7 * min(w_m["random"], w_m["spatial"])


@pytest.mark.parametrize(
    ("scheme", "changes", "text"),
    [
        ("spatial", {"n_blocks": 2}, r"got: 2 blocks for 4 folds(.|\n)*fix: lower modelling.folds.n_folds"),
        ("region", {"n_blocks": 2}, r"got: 2 blocks for 4 folds(.|\n)*fix: lower modelling.folds.n_folds"),
        ("year", {"n_blocks": 2}, r"got: 2 blocks for 3 folds(.|\n)*fix: lower modelling.folds.n_folds"),
        ("year", {"years": YEARS[:1]}, r"got: year, with labels of 2021 alone(.|\n)*fix: take year out"),
        ("knndm", {"n_folds": 121}, r"got: 120 cells for 121 folds(.|\n)*fix: lower modelling.folds.n_folds"),
        ("spatial", {"buffer_m": 2e6}, r"No training cell is left(.|\n)*fix: lower modelling.folds.buffer_m"),
    ],
    ids=["blocks", "blocks for regions", "blocks for years", "one year", "cells", "buffer"],
)
def test_what_cannot_be_dealt_is_an_error_with_a_fix(scheme, changes, text):
    with pytest.raises(LabelError, match=text) as caught:
        folds_of(ground(**changes), scheme)
    assert caught.value.__notes__ == [f"This happened in folds of the scheme {scheme}."]


@pytest.mark.parametrize("kind", ["with", "without"])
def test_a_fold_that_trains_on_one_kind_of_rows_is_named(kind):
    places = ground()
    folds = folds_of(places, "spatial")
    tested = folds.loc[(folds["fold"] == 2) & (folds["role"] == "test"), "cell_id"]
    rows = rows_of(places)
    require_contrast(folds, rows.assign(rts_area_fraction=rows["cell_id"] % 2))
    is_positive = rows["cell_id"].isin(tested) == (kind == "with")
    message = rf"train on no row {kind} slumps(.|\n)*for example: spatial/2\n(.|\n)*use fewer folds"
    with pytest.raises(LabelError, match=message):
        require_contrast(folds, rows.assign(rts_area_fraction=is_positive * 0.1))


def test_coordinates_join_across_pole_and_antimeridian():
    east, west = equal_area_coordinates_m(np.array([179.99, -179.99]), np.array([70.0, 70.0]))
    assert np.linalg.norm(east - west) == pytest.approx(0.02 * 111_320 * np.cos(np.radians(70)), rel=0.02)
    near, beyond = equal_area_coordinates_m(np.array([0.0, 180.0]), np.array([89.9, 89.9]))
    assert np.linalg.norm(near - beyond) == pytest.approx(2 * 0.1 * 111_694, rel=1e-3)
