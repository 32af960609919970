"""Scores of an inventory worked by hand on three objects, and laws of their intervals."""

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.inventory.inventory_scores import INVENTORY_SCORES, InventoryScore, score_rows

ROWS = pd.DataFrame(
    {
        "block": [0, 0, 1],
        "area_m2": [90.0, 250.0, 60.0],
        "true_m2": [100.0, 200.0, 0.0],
        "area_low_90_m2": [80.0, 210.0, 0.0],
        "area_high_90_m2": [100.0, 300.0, 90.0],
        "p": [0.9, 0.7, 0.2],
        "is_found": [True, False, True],
        "first_true_m2": [50.0, 100.0, 50.0],
        "change_m2": [10.0, -20.0, 30.0],
        "true_change_m2": [20.0, -20.0, 0.0],
        "change_low_90_m2": [5.0, -30.0, 1.0],
        "change_high_90_m2": [15.0, -10.0, 40.0],
        "p_grew": [0.8, 0.1, 0.6],
    }
)
SCORES = {score.name: score for score in INVENTORY_SCORES}
EXPECTED = {
    "area_bias": (400 - 300) / 300,
    "area_coverage_90": 2 / 3,  # the first lies on its bound, the second below
    "false_share": 1 / 3,
    "false_area": 60 / 400,
    "chance_bias": 0.6 - 2 / 3,
    "missed_share": 1 / 3,
    "missed_area": 200 / 300,
    "growth_bias": (20 - 0) / 200,
    "growth_coverage_90": 1 / 3,
    "grew_bias": 0.5 - 1 / 3,
    "total_bias": (400 - 300) / 300,
    "total_coverage_90": 2 / 3,
}


def once(n_blocks: int) -> np.ndarray:
    """Replicates in which each block is drawn once."""
    return np.ones((3, n_blocks))


def value(score: InventoryScore, rows: pd.DataFrame) -> float:
    return float(score_rows({"all": rows}, (score,), once)["value"].item())


@pytest.mark.parametrize("name", EXPECTED)
def test_scores_worked_by_hand(name: str) -> None:
    assert value(SCORES[name], ROWS) == pytest.approx(EXPECTED[name], rel=1e-14)


def test_the_mean_relative_error_is_of_true_objects() -> None:
    assert value(SCORES["relative_bias"], ROWS[ROWS["true_m2"] > 0]) == pytest.approx((-0.1 + 0.25) / 2, rel=1e-13)
    assert EXPECTED.keys() | {"relative_bias"} == SCORES.keys()


def test_a_perfect_inventory_has_no_bias_and_misses_nothing() -> None:
    """Coverages alone are above their best value: intervals of nothing unknown hold everything."""
    same = {"area_m2": "true_m2", "area_low_90_m2": "true_m2", "area_high_90_m2": "true_m2"} | {
        f"change_{end}m2": "true_change_m2" for end in ("", "low_90_", "high_90_")
    }
    rows = ROWS[ROWS["true_m2"] > 0].assign(p=1.0, is_found=True, p_grew=[1.0, 0.0])
    rows = rows.assign(**{name: rows[true] for name, true in same.items()})

    for name, score in SCORES.items():
        assert value(score, rows) == (1.0 if "coverage" in name else score.best)


def test_a_part_without_objects_has_no_row_and_blocks_are_counted_by_part() -> None:
    parts = {"all": ROWS, "north": ROWS[ROWS["block"] == 1], "none": ROWS[:0]}

    found = score_rows(parts, (SCORES["false_share"],), once)

    assert found["part"].tolist() == ["all", "north"]
    assert found["n"].tolist() == [3, 1]
    assert found["n_blocks"].tolist() == [2, 1]


def test_an_interval_is_of_whole_blocks() -> None:
    """Drawn twice in a replicate, the second block brings its false object twice: 2 of 2 false, or 0 of 4."""
    found = score_rows({"all": ROWS}, (SCORES["false_share"],), lambda _: np.array([[0.0, 2.0], [2.0, 0.0]] * 50))

    assert found["value"].item() == pytest.approx(1 / 3)
    assert (found["low_95"].item(), found["high_95"].item()) == (0.0, 1.0)
