"""Scores against the truth follow from labels of all chips and an audit of some."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from entropice.errors import LabelError
from entropice.imagery.label_audit import CORRECTED, RAW, audited_score_table
from entropice.learning.scores.table import block_replicates

REPLICATES = partial(block_replicates, random_seed=1, n_replicates=400)


def chips_of(true, said, both, blocks=None):
    n = len(true)
    keys = [f"chip {number}" for number in range(n)]
    blocks = np.arange(n) if blocks is None else blocks
    return pd.DataFrame({"key": keys, "block": blocks, "n_true": true, "n_said": said, "n_both": both})


def values_of(table, labels):
    return table[table["labels"] == labels].set_index("score")["value"]


def test_scores_are_those_worked_by_hand():
    labelled = chips_of([8, 8, 8, 8, 8, 8, 8, 8, 8, 8], [10] * 10, [6] * 10)
    audited = chips_of([10] * 5, [10] * 5, [9] * 5)[["key", "n_true", "n_said", "n_both"]]
    table = audited_score_table(labelled, audited, REPLICATES)

    raw, corrected = values_of(table, RAW), values_of(table, CORRECTED)
    assert raw.tolist() == pytest.approx([6 / 12, 6 / 10, 6 / 8])
    assert corrected.tolist() == pytest.approx([9 / 11, 9 / 10, 9 / 10])
    assert set(table["n_chips"]) == {10}
    assert set(table["n_audited"]) == {5}


def test_an_audit_that_agrees_with_the_labels_changes_nothing():
    random = np.random.default_rng(0)
    both = random.integers(0, 50, 30)
    labelled = chips_of(both + random.integers(0, 9, 30), both + random.integers(0, 9, 30), both)
    audited = labelled.sample(12, random_state=1)[["key", "n_true", "n_said", "n_both"]]
    table = audited_score_table(labelled, audited, REPLICATES)
    assert values_of(table, RAW).tolist() == pytest.approx(values_of(table, CORRECTED).tolist())
    assert table.loc[table["labels"] == RAW, "low_95"].tolist() == pytest.approx(
        table.loc[table["labels"] == CORRECTED, "low_95"].tolist()
    )


def world(random, n=200):
    """Chips against the truth, and against labels that miss a tenth of it or so."""
    true = random.integers(20, 200, n)
    both = (true * random.uniform(0.7, 0.95, n)).astype(int)
    said = both + random.integers(0, 30, n)
    labelled_true = (true * random.uniform(0.6, 1.0, n)).astype(int)
    labelled_both = np.minimum((both * random.uniform(0.7, 1.0, n)).astype(int), labelled_true)
    blocks = np.arange(n) // 5
    return chips_of(true, said, both, blocks), chips_of(labelled_true, said, labelled_both, blocks)


def test_over_many_audits_the_mean_is_the_truth_and_intervals_cover_it():
    random = np.random.default_rng(4)
    covered, errors = [], []
    for _ in range(60):
        truth, labelled = world(random)
        is_audited = random.uniform(size=len(truth)) < 0.3
        audited = truth.loc[is_audited, ["key", "n_true", "n_said", "n_both"]]
        replicates = partial(block_replicates, random_seed=int(random.integers(1000)), n_replicates=200)
        table = audited_score_table(labelled, audited, replicates)
        row = table[(table["labels"] == CORRECTED) & (table["score"] == "audited_iou")].iloc[0]
        # the truth of the law: a ratio of expectations, which many chips come near
        expected = 0.825 * 110 / (110 + 14.5)
        errors.append(row["value"] - expected)
        covered.append(row["low_95"] <= expected <= row["high_95"])
    assert abs(np.mean(errors)) < 0.01
    assert 0.85 <= np.mean(covered) <= 1.0


def test_too_few_audits_are_refused():
    labelled = chips_of([8] * 10, [10] * 10, [6] * 10)
    with pytest.raises(LabelError, match="4 of 10 test chips"):
        audited_score_table(labelled, labelled.head(4)[["key", "n_true", "n_said", "n_both"]], REPLICATES)
