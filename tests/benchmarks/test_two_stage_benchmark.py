"""The benchmark of the gate ranks, divides and counts as it says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.two_stage import (
    BOUNDS,
    COMPARED,
    ENDS,
    HINDSIGHT,
    KEPT,
    LIMIT,
    Imaged,
    all_but_one,
    by_world,
    divisions,
    measures,
    rows_of_table,
    tried,
)

N_BLOCKS, N_OF_BLOCK = 60, 10


@pytest.fixture(scope="module")
def rows() -> Imaged:
    """A world of Poisson counts, of which the models know less than the limit."""
    random = np.random.default_rng(0)
    n = N_BLOCKS * N_OF_BLOCK
    known, unknown = random.normal(-1, 1.2, n), random.normal(0, 0.8, n)
    land_km2 = random.uniform(1, 3, n)
    n_slumps = random.poisson(np.exp(known + unknown) * land_km2).astype(np.float64)
    block = np.repeat(np.arange(N_BLOCKS), N_OF_BLOCK)
    ranked = {**dict.fromkeys(COMPARED, np.exp(known)), LIMIT: np.exp(known + unknown), HINDSIGHT: n_slumps / land_km2}
    return Imaged(n_slumps, land_km2, block, block % 5, ranked)


def test_forecasts_come_in_the_order_of_the_table() -> None:
    table = pd.DataFrame({"cell_id": [2, 1, 2], "year": [2021, 2021, 2022]})
    found = rows_of_table(table[::-1].assign(p_none=[0.3, 0.2, 0.1]), table)
    assert found["p_none"].tolist() == [0.1, 0.2, 0.3]


def test_as_many_blocks_calibrate_each_time_and_all_have_their_turn() -> None:
    found = divisions(N_BLOCKS, 1, 200)
    assert (found.sum(axis=1) == 48).all()
    assert 0.7 < found.mean(axis=0).min() < found.mean(axis=0).max() < 0.9


def test_a_fold_is_tested_by_what_the_others_calibrate(rows: Imaged) -> None:
    found = all_but_one(rows)
    assert found.shape == (5, N_BLOCKS)
    np.testing.assert_array_equal(np.flatnonzero(~found[2]), np.arange(2, N_BLOCKS, 5))


def test_what_is_missed_is_a_mean_over_blocks_with_slumps() -> None:
    """Blocks 0 to 3 calibrate: nothing at 2 may be missed. Of the others one misses 1 of 4, one nothing, one has none.

    Land is 1 km² a row, of which 2 of 6 are not looked at.
    """
    block = np.array([0, 1, 2, 3, 4, 4, 5, 5, 6, 6])
    n_slumps = np.array([1, 1, 1, 1, 1, 3, 0, 2, 0, 0], dtype=np.float64)
    density = np.array([2, 2, 2, 2, 1, 3, 1, 3, 4, 4], dtype=np.float64)
    ranked = Imaged(n_slumps, np.ones(10), block, block, {})
    calibrates = np.arange(7) < 4
    missed_of_block, missed, saved = tried(ranked, density, calibrates, 0.3)
    assert (missed_of_block, missed, saved) == pytest.approx((0.125, 1 / 6, 1 / 3))


def test_the_promise_is_kept_on_average_and_a_model_saves_less_than_the_limit(rows: Imaged) -> None:
    found = measures(rows, 0, 50)
    for bound in BOUNDS:
        title = f"conformal risk control, bound {bound:.2f}"
        noise = found[title, LIMIT, "± of divisions"]
        assert 0 < found[title, LIMIT, "missed of a block"] < bound + noise
        assert 0 < found[title, COMPARED[0], "land saved"] < found[title, LIMIT, "land saved"]
    for kept in KEPT:
        share, low, high = (found[end, COMPARED[0], f"{kept:.0%}"] for end in ENDS)
        assert low < share < high
        assert 0 < share < 1
        land = [found["land to image", name, f"{kept:.0%}"] for name in (HINDSIGHT, LIMIT, COMPARED[0])]
        assert land == sorted(land)


def test_worlds_are_told_one_by_one() -> None:
    values = {
        (end, name, "90%"): [value] for end, value in zip(ENDS, (0.5, 0.4, 0.6), strict=True) for name in COMPARED
    }
    spelled = by_world(pd.DataFrame(values, index=[7]), "90%")
    assert spelled.splitlines()[-1] == "| 7 | " + " | ".join(["0.500 (0.400 to 0.600)"] * len(COMPARED)) + " |"
