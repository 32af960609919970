import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from entropice.errors import SchemaError
from entropice.imagery.calibration import Calibration
from entropice.imagery.changes.false_change import false_change_table, unchanged_counts
from entropice.imagery.changes.pair_models import PAIR_MODELS, brightness_difference, values_of_both
from entropice.imagery.changes.score_table import (
    CHANGE_SCORES,
    change_difference_table,
    change_score_table,
    natural_ratio,
)
from entropice.imagery.pixel_models import PixelModel, fit_pixel_model
from entropice.imagery.pixel_score_table import ScoredModel
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.learning.scores.table import block_replicates

N_PX = 16


def _pair(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two images in different light, of which a quarter has become brighter."""
    random = np.random.default_rng(seed)
    before = random.normal(size=(3, N_PX, N_PX))
    changed = np.zeros((N_PX, N_PX), bool)
    changed[: N_PX // 2, : N_PX // 2] = True
    after = before + 2 * changed + 0.2 * random.normal() + 0.3 * random.normal(size=before.shape)
    return np.stack([before, after]).astype(np.float32), changed, np.ones((N_PX, N_PX), bool)


@pytest.mark.parametrize("model", PAIR_MODELS, ids=lambda model: model.name)
def test_rivals_find_what_became_brighter(model: PixelModel) -> None:
    fitted = fit_pixel_model(model, [_pair(seed) for seed in range(4)], 64, seed=0)
    pair, changed, _ = _pair(9)

    logits = fitted.logits(pair)

    assert (logits.shape, logits.dtype) == ((N_PX, N_PX), np.float32)
    assert metrics.roc_auc_score(changed.ravel(), logits.ravel()) > 0.95


def test_differencing_orders_pixels_by_their_difference_alone() -> None:
    pair, _, _ = _pair(1)
    by_hand = np.abs(pair[1].mean(axis=0) - pair[0].mean(axis=0))

    np.testing.assert_allclose(brightness_difference(pair)[:, 0], by_hand.ravel(), rtol=1e-6)
    np.testing.assert_array_equal(brightness_difference(pair), brightness_difference(pair[::-1]))
    assert values_of_both(pair).shape == (N_PX**2, 9)


def _counts(seed: int, n_blocks: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.uniform(size=(n_blocks, 400)) < 0.2
    logits = 2 * truth + random.normal(size=truth.shape) - 1
    counts = [score_counts(z, y, np.ones(400, bool)) for z, y in zip(logits, truth, strict=True)]
    return np.stack(counts), logits, truth


@settings(max_examples=10)
@given(seed=st.integers(0, 999))
def test_accuracy_and_f1_at_the_share_that_is_met_are_those_of_the_pixels(seed: int) -> None:
    counts, logits, truth = _counts(seed)
    ratio = natural_ratio(steps_of_counts(counts))
    model = ScoredModel(counts, Calibration(1.0, 0.0, ratio), 0.0)

    table = change_score_table(model, block_replicates(6, 0, 50), ratio).set_index("score")["value"]

    assert ratio == pytest.approx((~truth).sum() / truth.sum())
    said = logits.ravel() >= 0
    assert table["accuracy"] == pytest.approx(metrics.accuracy_score(truth.ravel(), said))
    assert table["f_1"] == pytest.approx(metrics.f1_score(truth.ravel(), said))
    assert table["iou"] == pytest.approx(metrics.jaccard_score(truth.ravel(), said))


def test_a_model_has_no_lead_over_itself_and_tables_hold_each_score() -> None:
    model = ScoredModel(_counts(1)[0], Calibration(1.0, 0.0, 4.0), 0.0)

    table = change_difference_table(model, model, block_replicates(6, 0, 50), 4.0)

    assert table["score"].tolist() == [score.name for score in CHANGE_SCORES]
    assert (table[["value", "low_95", "high_95"]].abs() < 1e-12).all(axis=None)
    assert set(table["n"]) == {2400}


def test_nothing_positive_has_no_ratio() -> None:
    counts = _counts(1)[0]
    counts[:, 1] = 0

    assert np.isnan(natural_ratio(steps_of_counts(counts)))


def test_false_change_is_counted_by_square_on_unchanged_ground_alone() -> None:
    unchanged = np.zeros((4, 6), bool)
    unchanged[:2, :3], unchanged[3, 5] = True, True
    said = np.zeros((4, 6), bool)
    said[0, :], said[2] = True, True

    counts = unchanged_counts(said, unchanged, block_px=2)

    assert counts.tolist() == [[2, 4], [1, 2], [0, 1]]
    table = false_change_table({"network": counts, "difference": counts * [[2, 1]]}, block_replicates(3, 0, 200))
    assert table["value"].tolist() == pytest.approx([3 / 7, 6 / 7, -3 / 7])
    assert table["compared_with"].isna().tolist() == [True, True, False]
    assert set(table["n"]) == {7}


def test_ground_that_is_nowhere_unchanged_is_refused() -> None:
    nowhere = np.zeros((4, 4), bool)

    with pytest.raises(SchemaError):
        unchanged_counts(nowhere, nowhere, 2)
    with pytest.raises(SchemaError):
        unchanged_counts(nowhere, np.ones((4, 5), bool), 2)
