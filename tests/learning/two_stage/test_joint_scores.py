"""Average precision at a ratio, with true objects that nobody found and cells that a gate leaves out."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from entropice.learning.two_stage.joint_scores import joint_score_table

GROUND = pd.DataFrame({"n_true": [4, 2, 0], "n_positive": [40, 20, 0], "n_negative": [500, 300, 400]})


def objects(n=60, seed=0):
    random = np.random.default_rng(seed)
    is_true = np.arange(n) < 5
    return random.normal(2.0 * is_true, 1.0), is_true, np.where(is_true, np.arange(n) % 2, random.integers(0, 3, n))


def table(scores, is_true, block, ratios=(200.0,), n_replicates=50):
    weights = np.random.default_rng(1).multinomial(3, np.full(3, 1 / 3), size=n_replicates).astype(float)
    return joint_score_table(scores, is_true, block, GROUND, ratios, weights)


@pytest.mark.parametrize("ratio", [20.0, 200.0, 1000.0])
def test_it_is_scikit_learns_with_weights_times_the_share_that_is_found(ratio):
    score, is_true, block = objects()
    weight = np.where(is_true, 1.0, ratio * 60 / 1200)
    expected = average_precision_score(is_true, score, sample_weight=weight) * 5 / 6
    rows = table({"pixels": score}, is_true, block, (ratio,))
    assert rows["value"].item() == pytest.approx(expected, abs=1e-12)
    assert (rows["n_true"].item(), rows["n_found"].item()) == (6, 5)


def test_by_hand():
    """True, wrong, true at ratio 20: a wrong one weighs 20 · 60 / 1200 = 1, so precisions are 1 and 2/3, of 6 true."""
    rows = table({"pixels": np.array([3.0, 2.0, 1.0])}, np.array([True, False, True]), np.array([0, 1, 0]), (20.0,))
    assert rows["value"].item() == pytest.approx((1 + 2 / 3) / 6)


def test_what_a_gate_leaves_out_is_never_found():
    score, is_true, block = objects()
    gated = np.where(np.arange(len(score)) == 0, -np.inf, score)
    rows = table({"pixels": score, "hard_gate": gated}, is_true, block)
    without = table({"pixels": score[1:]}, is_true[1:], block[1:])
    assert rows["value"].iloc[1] == pytest.approx(without["value"].item())


def test_differences_are_drawn_in_the_same_blocks():
    score, is_true, block = objects()
    rows = table({"pixels": score, "soft": score + 10 * is_true}, is_true, block)
    assert rows["way"].tolist() == ["pixels", "soft", "soft"]
    assert rows["compared_with"].fillna("").tolist() == ["", "", "pixels"]
    alone, joined, lead = (row for _, row in rows.iterrows())
    assert lead["value"] == pytest.approx(joined["value"] - alone["value"])
    assert lead["low_95"] <= lead["value"] <= lead["high_95"]
    same = table({"pixels": score, "soft": score}, is_true, block).iloc[2]
    assert (same["low_95"], same["value"], same["high_95"]) == (0.0, 0.0, 0.0)
