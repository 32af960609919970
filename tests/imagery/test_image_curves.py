"""Curves by hand and against scikit-learn; thinning keeps the ends and draws no new points."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import precision_recall_curve

from entropice.imagery.calibration import Calibration
from entropice.imagery.image_curves import CURVES, MAX_POINTS, curve_table, precision_recall_points, reliability_points
from entropice.imagery.pixel_score_table import ScoredModel
from entropice.imagery.score_histograms import score_counts, steps_of_counts
from entropice.imagery.score_steps import Steps, steps_of

RATIO = 20.0


def pixels(n=4000, seed=0):
    random = np.random.default_rng(seed)
    is_positive = random.random(n) < 0.2
    return random.normal(2.0 * is_positive, 1.0), is_positive


def model_of(n=4000, seed=0):
    logits, is_positive = pixels(n, seed)
    counts = score_counts(logits, is_positive, np.ones(n, dtype=bool))
    return ScoredModel(np.stack([counts, counts]), Calibration(1.5, -2.0, 100.0), 0.0)


def test_points_lie_on_the_curve_of_weighted_pixels():
    logits, is_positive = pixels()
    weight = np.where(is_positive, 1.0, RATIO * is_positive.sum() / (~is_positive).sum())
    precision, recall, _ = precision_recall_curve(is_positive, logits, sample_weight=weight)
    of_recall = {}
    for one, other in zip(recall, precision, strict=True):
        of_recall.setdefault(round(float(one), 9), []).append(float(other))

    x, y, share = precision_recall_points(steps_of(logits, is_positive), RATIO)

    assert len(x) <= MAX_POINTS
    assert (np.diff(x) > 0).all()
    assert x[-1] == pytest.approx(1.0)
    assert share[-1] <= 1.0
    assert all(
        min(abs(np.array(of_recall[round(float(one), 9)]) - other)) < 1e-9 for one, other in zip(x, y, strict=True)
    )


def test_few_steps_are_all_drawn():
    steps = Steps(np.array([2.0, 0.0, -1.0]), np.array([2.0, 0.0, -1.0]), np.array([[0, 10, 90], [1, 2, 1]]))
    x, y, share = precision_recall_points(steps, 25.0)
    np.testing.assert_allclose(x, [0.25, 0.75, 1.0])
    np.testing.assert_allclose(y, [1.0, 3 / 13, 4 / 104])
    np.testing.assert_allclose(share, np.array([1, 13, 104]) / 104)


def test_reliability_is_that_worked_by_hand():
    """Half of the pixels, all positives among them, have a chance of expit(1)."""
    steps = Steps(np.array([1.0, -1.0]), np.array([1.0, -1.0]), np.array([[25, 50], [25, 0]]))
    x, y, share = reliability_points(steps, 3.0)
    np.testing.assert_allclose(x, np.repeat(expit([-1.0, 1.0]), 5))
    np.testing.assert_allclose(y, np.repeat([0.0, 0.5], 5))
    assert share.sum() == pytest.approx(1.0)


def test_the_table_holds_every_model_ratio_and_curve():
    models = {"network": model_of(), "rival": model_of(seed=1)}
    table = curve_table(models, (5.0, RATIO))
    assert list(table) == ["model", "ratio", "curve", "x", "y", "n"]
    drawn = table.groupby(["model", "ratio", "curve"]).size()
    assert len(drawn) == len(models) * 2 * len(CURVES)
    assert drawn.max() <= MAX_POINTS
    assert table[["x", "y"]].to_numpy().min() >= 0
    assert table[["x", "y"]].to_numpy().max() <= 1
    n_positive = steps_of_counts(models["network"].counts).n_positive
    of_all = table.query("model == 'network' and ratio == 5 and curve == 'reliability'")["n"].sum()
    assert of_all == pytest.approx(6 * n_positive)


def test_calibration_moves_reliability_alone():
    counts = model_of().counts
    one, other = (curve_table({"m": ScoredModel(counts, Calibration(s, 0.0, 1.0), 0.0)}, (RATIO,)) for s in (1.0, 2.0))
    is_same = (one["x"] == other["x"]) & (one["y"] == other["y"])
    assert is_same[one["curve"] == "precision_recall"].all()
    assert not is_same[one["curve"] == "reliability"].all()
