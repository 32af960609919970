"""Recall of pixels by size of object, worked by hand."""

from functools import partial

import numpy as np
import pytest
from scipy.sparse import vstack

from entropice.errors import SchemaError
from entropice.imagery.score_histograms import score_counts
from entropice.imagery.size_scores import RECALL_BY_AREA, size_score_table
from entropice.imagery.tile_counts import TileCounts, sparse_row
from entropice.learning.scores.table import block_replicates

KEYS = np.array(["a", "b", "c"])
BLOCKS = np.array([1, 2, 1], dtype=np.uint64)
PARTS = [[0, 1, 1, 2], [2, 2, 2, 0], [1, 0, 0, 0]]
"""Of four pixels of each tile: ground, or of a small or large object; the third class has none."""
FIRST = [[1, 1, -1, 1], [1, 1, -1, -1], [1, -1, -1, -1]]
RIVAL = [[-1, -1, -1, 1], [1, 1, 1, 1], [-1, -1, -1, 1]]
replicates = partial(block_replicates, random_seed=1, n_replicates=200)


def counts_of(logits):
    rows = [
        sparse_row(score_counts(np.array(z, float), np.array(y), np.ones(4, bool), 3))
        for z, y in zip(logits, PARTS, strict=True)
    ]
    return TileCounts(KEYS, BLOCKS, vstack(rows, format="csr"))


def test_each_class_is_scored_apart_and_beside_the_rival():
    models = {"network": counts_of(FIRST), "rival": counts_of(RIVAL)}
    table = size_score_table(models, {"network": 0.0, "rival": 0.0}, ("small", "large", "none"), "network", replicates)

    assert set(table["score"]) == {RECALL_BY_AREA}
    rows = table.assign(compared_with=table["compared_with"].fillna("")).set_index(["part", "model", "compared_with"])
    assert rows["value"].to_dict() == {
        ("small", "network", ""): pytest.approx(2 / 3),
        ("small", "rival", ""): 0.0,
        ("small", "network", "rival"): pytest.approx(2 / 3),
        ("large", "network", ""): pytest.approx(3 / 4),
        ("large", "rival", ""): 1.0,
        ("large", "network", "rival"): pytest.approx(-1 / 4),
    }
    assert table.groupby("part")["n"].unique().to_dict() == {"small": [3], "large": [4]}
    assert (table["low_95"] <= table["value"]).all()
    assert (table["value"] <= table["high_95"]).all()


def test_nothing_told_apart_is_no_row():
    models = {"network": counts_of(FIRST)}
    assert size_score_table(models, {"network": 0.0}, (), "network", replicates).empty


def test_parts_add_up_to_what_is_counted_of_all():
    counts = counts_of(FIRST)
    assert counts.n_parts == 3
    assert counts.chosen_by_part(0.0).tolist() == [
        [[2, 1], [1, 1], [0, 0]],
        [[0, 0], [3, 2], [0, 0]],
        [[1, 1], [0, 0], [0, 0]],
    ]
    assert counts.chosen(0.0).tolist() == [[3, 3, 2], [3, 2, 2], [1, 1, 1]]
    blocks, by_block = counts.by_block()
    assert blocks.tolist() == [1, 2]
    assert by_block.sum(axis=2).tolist() == [[4, 4], [1, 3]]


def test_a_part_that_there_is_not_is_refused():
    with pytest.raises(SchemaError, match="neither yes nor no"):
        score_counts(np.zeros(2), np.array([0, 3]), np.ones(2, bool), 2)
