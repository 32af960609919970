"""Scores of objects from their table: against the counts of masks, by hand, and blocks without objects."""

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.held_out_objects import FOUND, TRUE, matched_at
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.object_score_table import (
    ADVISES_RESOLUTIONS,
    OBJECT_SCORES,
    RECALL_OF_SIZE,
    counted,
    counts_of_blocks,
    object_score_table,
)
from entropice.learning.scores.table import block_replicates

RULES = ObjectRules(
    threshold="recall", min_px=1, min_ious=(0.3, 0.1), true_at=0.3, size_edges_m=(50.0, 200.0), max_recall_gap=0.1
)
RATIOS = (10.0, 100.0)
GROUND = pd.DataFrame(
    {
        "tile": ["a", "b", "c"],
        "block": np.array([7, 7, 5], dtype=np.uint64),
        "n_negative": [600, 300, 100],
        "n_positive": [60, 40, 0],
    }
)


def objects_of(rows):
    names = ["block", "kind", "extent_m", "is_judged", matched_at(0.3), matched_at(0.1)]
    return pd.DataFrame(rows, columns=names).astype({"block": np.uint64})


OBJECTS = objects_of(
    [
        (7, FOUND, 60, True, True, True),
        (7, FOUND, 60, True, False, True),
        (7, FOUND, 20, True, False, False),
        (7, FOUND, 20, False, False, False),
        (7, TRUE, 70, True, True, True),
        (7, TRUE, 300, True, False, True),
        (7, TRUE, 300, True, False, False),
        (7, TRUE, 20, False, False, False),
    ]
)


@pytest.fixture(scope="module")
def table():
    return object_score_table(OBJECTS, GROUND, RULES, block_replicates(2, 0, 20), RATIOS)


def value(table, score, min_iou, **where):
    rows = table[(table["score"] == score) & (table["min_iou"] == min_iou)]
    for name, wanted in where.items():
        rows = rows[rows[name] == wanted]
    (row,) = rows.to_dict("records")
    return row


def test_counts_are_those_worked_by_hand_and_blocks_without_objects_stay():
    blocks, counts = counts_of_blocks(OBJECTS, GROUND, 0.3)
    assert blocks.tolist() == [5, 7]
    assert counts.tolist() == [[0, 0, 0, 100, 0], [1, 2, 2, 900, 100]]
    assert counts_of_blocks(OBJECTS, GROUND, 0.1)[1][1, :3].tolist() == [2, 1, 1]
    assert len(counted(OBJECTS, FOUND, 0.3)) == 3
    assert len(counted(OBJECTS, TRUE, 0.3)) == 3


def test_scores_are_those_worked_by_hand(table):
    """100 positive and 1,000 negative pixels: at 1 : 100 each wrong object stands for ten."""
    assert value(table, "precision", 0.3, ratio=10.0)["value"] == pytest.approx(1 / 3)
    assert value(table, "precision", 0.3, ratio=100.0)["value"] == pytest.approx(1 / 21)
    assert value(table, "recall", 0.1, ratio=100.0)["value"] == pytest.approx(2 / 3)
    row = value(table, "f_one", 0.3, ratio=100.0)
    assert row["value"] == pytest.approx(2 / (2 + 20 + 2))
    assert (row["n_true"], row["n_found"], row["n_blocks"]) == (3, 3, 2)


def test_every_score_is_there_once_at_every_bound_and_ratio(table):
    keys = ["score", "min_iou", "ratio", "low_m"]
    assert not table.duplicated(keys).any()
    assert len(table) == len(RULES.min_ious) * (len(OBJECT_SCORES) * len(RATIOS) + 2 * len(RULES.size_edges_m))


def test_recall_by_size_leaves_out_what_is_smaller(table):
    small, large = (value(table, RECALL_OF_SIZE, 0.3, low_m=low_m) for low_m in RULES.size_edges_m)
    assert (small["value"], small["n_true"], small["n_found"], small["high_m"]) == (1.0, 1, 1, 200.0)
    assert (large["value"], large["n_true"], large["n_found"]) == (0.0, 2, 0)
    assert np.isnan(large["high_m"])
    assert np.isnan(large["ratio"])


def test_few_objects_advise_nothing_and_many_do(table):
    assert (table.loc[table["score"] == ADVISES_RESOLUTIONS, "value"] == 0).all()
    many = pd.concat([OBJECTS] * 20, ignore_index=True)
    advice = object_score_table(many, GROUND, RULES, block_replicates(2, 0, 5), RATIOS)
    assert value(advice, ADVISES_RESOLUTIONS, 0.3, low_m=200.0)["value"] == 1
    assert value(advice, ADVISES_RESOLUTIONS, 0.3, low_m=50.0)["value"] == 0


def test_without_any_object_scores_are_undefined():
    nothing = object_score_table(OBJECTS.iloc[:0], GROUND, RULES, block_replicates(2, 0, 5), RATIOS)
    of_ratio = nothing[nothing["ratio"].notna()]
    assert of_ratio["value"].isna().all()
    assert (of_ratio["n_undefined"] == 5).all()
    assert (nothing["n_true"] == 0).all()


def test_equal_blocks_have_no_spread():
    twice = pd.concat([OBJECTS, OBJECTS.assign(block=np.uint64(8))], ignore_index=True)
    ground = pd.concat([GROUND.iloc[:2], GROUND.iloc[:2].assign(block=np.uint64(8))], ignore_index=True)
    table = object_score_table(twice, ground, RULES, block_replicates(2, 0, 30), RATIOS)
    of_ratio = table[table["ratio"].notna()]
    np.testing.assert_allclose(of_ratio["low_95"], of_ratio["value"])
    np.testing.assert_allclose(of_ratio["high_95"], of_ratio["value"])
