"""Scores of chips, worked by hand."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import vstack

from entropice.imagery.calibration import Calibration
from entropice.imagery.chip_scores import CHIP_SCORES, CHOSEN, CUTS, HALF, chip_score_table, chip_table
from entropice.imagery.score_histograms import score_counts
from entropice.imagery.threshold_sweep import CHANCES, sweep_table
from entropice.imagery.tile_counts import TileCounts, sparse_row
from entropice.learning.scores.table import block_replicates

KEYS = np.array(["a", "b", "c", "d"])
BLOCKS = np.array([7, 7, 8, 9], dtype=np.uint64)
TRUE = [[1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 1, 0]]
LOGITS = [[3, 3, -5, 1, -5], [-5, -5, -5, 3, 3], [-5, -5, -5, -5, -5], [3, 1, 1, -5, -5]]
REGIONS = {"a": "Pamir", "b": "Pamir", "c": "Alaska", "d": "Alaska"}
replicates = partial(block_replicates, random_seed=1, n_replicates=200)


def counts_of(logits=LOGITS):
    rows = [
        sparse_row(score_counts(np.array(z, dtype=float), np.array(y, bool), np.ones(5, bool)))
        for z, y in zip(logits, TRUE, strict=True)
    ]
    return TileCounts(KEYS, BLOCKS, vstack(rows, format="csr"))


def chips_of(model, logits=LOGITS):
    tables = [
        chip_table(counts_of(logits), threshold).assign(model=model, cut=cut)
        for cut, threshold in {CHOSEN: 2.0, HALF: 0.0}.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(region=table["key"].map(REGIONS))


CHIPS = pd.concat([chips_of("network"), chips_of("rival", np.roll(LOGITS, 1, axis=1))], ignore_index=True)


def test_chips_are_counted_as_their_pixels_are_chosen():
    table = chip_table(counts_of(), 2.0)
    assert table[["n_true", "n_said", "n_both"]].to_numpy().tolist() == [[3, 2, 2], [0, 2, 0], [0, 0, 0], [3, 1, 1]]
    assert table["iou"].to_numpy() == pytest.approx([2 / 3, 0, np.nan, 1 / 3], nan_ok=True)


def value(table, score, part=None, compared_with=None, model="network"):
    same = [
        (table[name].isna() if wanted is None else table[name] == wanted)
        for name, wanted in (("part", part), ("compared_with", compared_with))
    ]
    (row,) = table[(table["model"] == model) & (table["score"] == score) & same[0] & same[1]].to_dict("records")
    return row


def test_scores_are_those_worked_by_hand():
    table = chip_score_table(CHIPS, "network", replicates, min_positive=1)

    assert value(table, "global_iou")["value"] == pytest.approx((2 + 0 + 0 + 1) / (3 + 2 + 0 + 3))
    assert value(table, "chip_iou")["value"] == pytest.approx((2 / 3 + 0 + 1 / 3) / 3)
    # from 0 up a also has a wrong pixel, d has 3 pixels of which 2 are right
    assert value(table, "global_iou_half")["value"] == pytest.approx((2 + 0 + 2) / (4 + 2 + 4))
    assert value(table, "chip_iou_half")["value"] == pytest.approx((2 / 4 + 0 + 2 / 4) / 3)
    assert value(table, "global_iou", "Pamir")["value"] == pytest.approx(2 / 5)
    alaska = value(table, "chip_iou", "Alaska")
    assert (alaska["value"], alaska["n"], alaska["n_blocks"]) == (pytest.approx(1 / 3), 2, 2)


def test_a_lead_is_the_difference_of_two_scores_in_the_same_blocks():
    table = chip_score_table(CHIPS, "network", replicates, min_positive=1)
    for each in CHIP_SCORES:
        own, other = (value(table, each.name, model=model)["value"] for model in ("network", "rival"))
        assert value(table, each.name, compared_with="rival")["value"] == pytest.approx(own - other)
    same = pd.concat([chips_of("network"), chips_of("rival")], ignore_index=True)
    lead = value(chip_score_table(same, "network", replicates, 1), "global_iou", compared_with="rival")
    assert (lead["value"], lead["low_95"], lead["high_95"]) == (0, 0, 0)


def test_regions_with_few_positives_are_left_out():
    table = chip_score_table(CHIPS, "network", replicates, min_positive=4)
    assert table["part"].isna().all()
    assert set(table["score"]) == {each.name for each in CHIP_SCORES}
    assert {each.cut for each in CHIP_SCORES} == set(CUTS)


def test_a_sweep_chooses_less_and_less():
    calibration = Calibration(slope=0.5, intercept=0.25, ratio=10.0)
    table = sweep_table(counts_of(), calibration, 10.0, chosen=2.0)

    assert table["threshold"].is_monotonic_increasing
    assert len(table) == len(CHANCES) + 1
    assert (table["recall"].diff().dropna() <= 0).all()
    (chosen,) = table[table["is_chosen"]].to_dict("records")
    assert chosen["threshold"] == pytest.approx(1 / (1 + np.exp(-1.25)))
    assert [chosen["iou"], chosen["precision"], chosen["recall"]] == pytest.approx([3 / 8, 3 / 5, 3 / 6])
    # a chance of .5 is a raw logit of −.5 here
    (half,) = table[table["threshold"] == 0.5].to_dict("records")
    assert half["iou"] == pytest.approx(4 / 10)
    # nothing reaches .95: raw 5.4
    assert np.isnan(table["precision"].iloc[-1])
    assert table["iou"].iloc[-1] == 0
