"""A budget is spent on the best cells and on all others, with known chances."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.learning.two_stage.design import estimate_totals
from entropice.learning.two_stage.spread_budget import OTHERS, Budget, spread_tiles

CELLS = np.repeat(np.arange(10, 18, dtype=np.uint64), [30, 5, 20, 40, 1, 25, 30, 9])
PROMISE = np.repeat([0.1, 0.9, 0.5, 0.3, 0.8, 0.2, np.nan, 0.0], [30, 5, 20, 40, 1, 25, 30, 9])


def chosen(n_tiles=20, random_share=0.2, max_per_cell=4, seed=1):
    return spread_tiles(CELLS, PROMISE, Budget(n_tiles, random_share, max_per_cell), seed)


def test_the_best_cells_come_first_and_none_has_more_than_it_may():
    """16 tiles for the best: 4 of cell 11, the one of 14, 4 each of 12 and 13, and 3 of 15 use them up."""
    best = chosen()[lambda table: table["is_best"]]
    counts = pd.Series(CELLS[best.index]).value_counts().to_dict()
    assert counts == {11: 4, 14: 1, 12: 4, 13: 4, 15: 3}


def test_chances_are_what_was_drawn_of_what_there_is():
    table = chosen()
    best, others = table[table["is_best"]], table[~table["is_best"]]
    assert dict(zip(best["stratum"], best["inclusion"], strict=True)) == {
        "11": 4 / 5, "14": 1.0, "12": 4 / 20, "13": 4 / 40, "15": 3 / 25,
    }  # fmt: skip
    assert set(others["stratum"]) == {OTHERS}
    assert others["inclusion"].to_numpy() == pytest.approx(4 / (30 + 30 + 9))
    assert set(CELLS[others.index]) <= {10, 16, 17}


@given(n_tiles=st.integers(5, 120), share=st.floats(0.05, 0.9), most=st.integers(1, 50), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_no_tile_is_chosen_twice_nor_a_budget_overspent(n_tiles, share, most, seed):
    table = chosen(n_tiles, share, most, seed)
    assert table.index.is_unique
    assert table.index.is_monotonic_increasing
    assert len(table) <= n_tiles
    assert ((table["inclusion"] > 0) & (table["inclusion"] <= 1)).all()


def test_equal_seeds_choose_alike_and_others_do_not():
    assert chosen(seed=1).equals(chosen(seed=1))
    assert not chosen(seed=1).index.equals(chosen(seed=2).index)


def test_totals_by_these_chances_are_unbiased():
    """What lies on all tiles is estimated right on average, though the best are looked at first."""
    value = np.random.default_rng(3).poisson(1 + 20 * np.nan_to_num(PROMISE, nan=0.5))
    estimates = []
    for seed in range(100):
        table = chosen(seed=seed)
        tiles = table.assign(cell_id=1, value=value[table.index])
        estimates.append(estimate_totals(tiles, "value")["total"].item())
    standard_error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - value.sum()) < 3 * standard_error


@pytest.mark.parametrize(
    ("budget", "field"),
    [
        (Budget(2, 0.1, 4), "n_tiles"),
        (Budget(160, 0.1, 4), "n_tiles"),
        (Budget(20, 0.0, 4), "random_share"),
        (Budget(20, 1.0, 4), "random_share"),
        (Budget(20, 0.1, 0), "random_share"),
    ],
)
def test_a_budget_that_is_none_is_refused(budget, field):
    with pytest.raises(ConfigError) as refusal:
        spread_tiles(CELLS, PROMISE, budget, 0)
    assert field in refusal.value.field
