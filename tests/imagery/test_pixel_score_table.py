"""The tables hold every declared score, equal to the score itself, and pair two models over the same blocks."""

import numpy as np
import pytest
from pixel_problems import gaussian_pixels

from entropice.imagery.calibration import fit_line
from entropice.imagery.pixel_score_table import (
    PIXEL_SCORES,
    RATIOS,
    ScoredModel,
    pixel_difference_table,
    pixel_score_table,
)
from entropice.imagery.pixel_scores import at_threshold, log_skill
from entropice.imagery.prevalence import average_precision
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.thresholds import choose_threshold
from entropice.learning.scores.table import block_replicates

N_BLOCKS = 40
WEIGHTS = block_replicates(N_BLOCKS, 0, 100)


def model(distance):
    """Both see the same truths; validation pixels are others than those tested."""
    blocks = [gaussian_pixels([7, block], 20_000, 0.02, distance) for block in range(2 * N_BLOCKS)]
    counts = np.stack([score_counts(0.6 * z + 1, y, np.ones(len(z), dtype=bool)) for z, y in blocks])
    validation = steps_of_counts(counts[N_BLOCKS:]).pooled()
    threshold = choose_threshold(validation, 200, rule_named("f_half")).logit
    return ScoredModel(counts[:N_BLOCKS], fit_line(validation, 200), threshold)


@pytest.fixture(scope="module")
def good():
    return model(3.0)


@pytest.fixture(scope="module")
def table(good):
    return pixel_score_table(good, WEIGHTS).set_index(["ratio", "score"])


def test_names_are_their_own():
    assert len({each.name for each in PIXEL_SCORES}) == len(PIXEL_SCORES)


def test_every_score_stands_at_every_ratio_within_its_interval(table):
    assert len(table) == len(RATIOS) * len(PIXEL_SCORES)
    assert (table["low_95"] <= table["high_95"]).all()
    assert (table["low_95"] <= table["mean"]).all()
    assert (table["n_undefined"] == 0).all()


@pytest.mark.parametrize("ratio", RATIOS)
def test_values_are_those_of_the_scores(good, table, ratio):
    raw = steps_of_counts(good.counts).pooled()
    assert table.loc[(ratio, "pr_auc"), "value"] == pytest.approx(average_precision(raw, ratio))
    assert table.loc[(ratio, "log_skill"), "value"] == pytest.approx(
        log_skill(good.calibration.steps_at(raw, ratio), ratio)
    )
    for name in ("iou", "precision", "recall", "f_half"):
        expected = getattr(at_threshold(raw, ratio, good.threshold), name)[0]
        assert table.loc[(ratio, name), "value"] == pytest.approx(expected)


@pytest.mark.parametrize("ratio", RATIOS)
def test_what_is_calibrated_on_other_blocks_is_calibrated_here_at_every_ratio(table, ratio):
    for name in ("slope", "predicted_over_observed", "predicted_over_observed_at_the_top"):
        assert 0.8 < table.loc[(ratio, name), "value"] < 1.25
    assert table.loc[(ratio, "log_skill"), "low_95"] > 0


def test_the_better_model_is_better_at_every_ratio(good):
    poor = model(2.0)
    difference = pixel_difference_table(good, poor, WEIGHTS).set_index(["ratio", "score"])
    for ratio in RATIOS:
        assert (difference.loc[[(ratio, "pr_auc"), (ratio, "log_skill"), (ratio, "iou")], "low_95"] > 0).all()
    itself = pixel_difference_table(good, good, WEIGHTS, ratios=(200,))
    assert (itself[["value", "low_95", "high_95"]] == 0).all(axis=None)
