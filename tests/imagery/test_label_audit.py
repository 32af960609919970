"""Corrected scores, worked by hand; unbiased over draws of audits; intervals that cover."""

from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.imagery.label_audit import COUNTS, audited_score_table, audited_sums, corrected_counts
from entropice.learning.scores.table import block_replicates

CHIPS = pd.DataFrame(
    {"key": ["a", "b", "c", "d"], "block": [1, 1, 2, 3], "n_true": [10, 0, 20, 6], "n_said": [12, 4, 22, 6],
     "n_both": [9, 0, 18, 5]}
)  # fmt: skip
AUDITED = pd.DataFrame({"key": ["a", "c"], "n_true": [12, 26], "n_said": [12, 22], "n_both": [11, 21]})


def replicates(n_blocks):
    return block_replicates(n_blocks, 0, 200)


def test_scores_are_those_worked_by_hand():
    table = audited_score_table(CHIPS, AUDITED, replicates)
    values = table.set_index(["labels", "score"])["value"]

    # half of the chips were audited: differences count twice; true 36 + 2 · 8, said 44, both 32 + 2 · 5
    assert values["raw", "global_iou"] == pytest.approx(32 / (36 + 44 - 32))
    assert values["corrected", "global_iou"] == pytest.approx(42 / (52 + 44 - 42))
    assert values["raw", "precision"] == pytest.approx(32 / 44)
    assert values["corrected", "precision"] == pytest.approx(42 / 44)
    assert values["corrected", "recall"] == pytest.approx(42 / 52)
    assert set(table["n_chips"]) == {4}
    assert set(table["n_audited"]) == {2}


def test_an_audit_of_nothing_corrects_nothing():
    table = audited_score_table(CHIPS, AUDITED[:0], replicates)
    corrected = table["labels"] == "corrected"
    assert table.loc[corrected, "value"].isna().all()
    assert table.loc[~corrected, "value"].notna().all()


counts = st.lists(st.tuples(*[st.integers(0, 50)] * 6), min_size=3, max_size=6)


@given(counts, st.data())
@settings(max_examples=40, deadline=None)
def test_sums_are_right_on_average_over_all_audits_of_a_size(rows, data):
    n_audited = data.draw(st.integers(1, len(rows)))
    labels, truth = (pd.DataFrame(np.array(rows)[:, part], columns=list(COUNTS)) for part in (slice(3), slice(3, 6)))
    chips, audits = (
        each.assign(key=[f"{n}" for n in range(len(rows))], block=range(len(rows))) for each in (labels, truth)
    )
    draws = [audits.iloc[list(chosen)] for chosen in combinations(range(len(rows)), n_audited)]
    estimates = [corrected_counts(audited_sums(chips, audited).sum(axis=0)) for audited in draws]

    assert np.mean(estimates, axis=0) == pytest.approx(truth.sum().to_numpy())


def _world(random, n_chips=240, n_blocks=80):
    """Chips whose labels miss a share of each object that differs from block to block."""
    block = np.repeat(np.arange(n_blocks), n_chips // n_blocks)
    said = random.poisson(300 * random.gamma(2.0, 0.5, n_blocks)[block]) + 1
    both = random.binomial(said, 0.85)
    true = both + random.poisson(40, n_chips)
    kept = random.beta(8, 2, n_blocks)[block]
    label_both = random.binomial(both, kept)
    label_true = label_both + random.binomial(true - both, kept)
    keys = np.arange(n_chips).astype(str)
    common = {"key": keys, "block": block, "n_said": said}
    return (pd.DataFrame({**common, "n_true": label_true, "n_both": label_both}),
            pd.DataFrame({**common, "n_true": true, "n_both": both}))  # fmt: skip


def test_corrected_intervals_cover_what_labels_miss():
    random = np.random.default_rng(7)
    _, infinite = _world(random, n_chips=60_000, n_blocks=20_000)
    n_both, n_true, n_said = infinite[["n_both", "n_true", "n_said"]].sum()
    iou = n_both / (n_true + n_said - n_both)
    covered = {"raw": 0, "corrected": 0}
    n_worlds = 120
    for number in range(n_worlds):
        labels, truth = _world(random)
        audited = truth[random.permutation(len(truth)) < 72]
        table = audited_score_table(labels, audited, partial(block_replicates, random_seed=number, n_replicates=200))
        for row in table[table["score"] == "global_iou"].itertuples():
            covered[row.labels] += row.low_95 <= iou <= row.high_95

    assert covered["raw"] < 0.1 * n_worlds
    assert 0.88 * n_worlds <= covered["corrected"] <= 0.99 * n_worlds
