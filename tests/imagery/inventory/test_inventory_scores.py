"""Scores of inventories, each worked by hand on three objects."""

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.inventory import inventory_scores as module
from entropice.imagery.inventory.inventory_scores import score_rows
from entropice.learning.scores.table import block_replicates

AREAS = {"area_m2": [90.0, 240.0, 100.0], "true_m2": [100.0, 200.0, 100.0]}
WITHIN = {"area_low_90_m2": [80.0, 210.0, 50.0], "area_high_90_m2": [100.0, 300.0, 60.0]}  # an edge is inside
BY_HAND = [
    ("AREA_SCORES", {**AREAS, **WITHIN}, {"area_bias": 30 / 400, "relative_bias": 0.1 / 3, "area_coverage_90": 1 / 3}),
    (
        "FOUND_SCORES",
        {"p": [0.9, 0.5, 0.4], "true_m2": [100.0, 0.0, 50.0], "area_m2": [90.0, 30.0, 60.0]},
        {"false_share": 1 / 3, "false_area": 30 / 180, "chance_bias": 0.6 - 2 / 3},
    ),
    (
        "TRUE_SCORES",
        {"is_found": [True, False, True], "true_m2": [300.0, 100.0, 100.0]},
        {"missed_share": 1 / 3, "missed_area": 0.2},
    ),
    (
        "GROWTH_SCORES",
        {
            "change_m2": [30.0, 10.0, 40.0], "true_change_m2": [20.0, 0.0, 50.0],
            "first_true_m2": [100.0, 200.0, 100.0],
            "change_low_90_m2": [10.0, 5.0, 30.0], "change_high_90_m2": [40.0, 15.0, 45.0], "p_grew": [0.9, 0.7, 0.5],
        },
        {"growth_bias": 10 / 400, "growth_coverage_90": 1 / 3, "grew_bias": 0.7 - 2 / 3},
    ),
    ("TOTAL_SCORES", {**AREAS, **WITHIN}, {"total_bias": 30 / 400, "total_coverage_90": 1 / 3}),
]  # fmt: skip


def _scored(objects: dict[str, list[object]], name: str, blocks: list[int]) -> pd.DataFrame:
    rows = pd.DataFrame({**objects, "block": blocks})
    parts = {"all": rows, "none": rows[:0]}
    return score_rows(parts, getattr(module, name), lambda n: block_replicates(n, 0, 200)).set_index("score")


@pytest.mark.parametrize(("name", "objects", "expected"), BY_HAND, ids=[each[0] for each in BY_HAND])
def test_scores_by_hand(name: str, objects: dict[str, list[object]], expected: dict[str, float]) -> None:
    found = _scored(objects, name, [7, 8, 8])

    assert found["value"].to_dict() == pytest.approx(expected)
    assert found["part"].unique().tolist() == ["all"], "a part without objects has no rows"
    assert (found["n"].unique().tolist(), found["n_blocks"].unique().tolist()) == ([3], [2])
    assert (found["low_95"] <= found["value"]).all()
    assert (found["value"] <= found["high_95"]).all()


def test_objects_of_one_block_are_drawn_together() -> None:
    """Of one block there is no spread to be shown."""
    found = _scored(BY_HAND[0][1], "AREA_SCORES", [7, 7, 7])

    assert found["value"].to_dict() == pytest.approx(BY_HAND[0][2])
    assert np.isnan(found[["low_95", "high_95"]].to_numpy()).all()
