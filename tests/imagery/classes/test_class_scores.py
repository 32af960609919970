import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from entropice.errors import SchemaError
from entropice.imagery.classes import scores
from entropice.imagery.classes.judged import JudgedImages, judged
from entropice.imagery.classes.score_table import (
    CLASS_SCORES,
    class_difference_table,
    class_score_table,
    membership,
)
from entropice.learning.scores.table import block_replicates

PRIOR = np.array([0.5, 0.3, 0.2])
NAMES = ("open water", "thin", "thick")
LABELS = np.array([0, 0, 1, 2, 2, 2])
SAID = np.array([0, 1, 1, 2, 2, 0])

seeds = st.integers(0, 10_000)


def _ones(images: JudgedImages) -> np.ndarray:
    return np.ones(len(images.labels))


@pytest.fixture
def images() -> JudgedImages:
    """Each says one class with a chance of .8, the others with .1."""
    return judged(np.log(0.1 + 0.7 * np.eye(3)[SAID]), LABELS, PRIOR)


def _random(seed: int, n: int = 40, scale: float = 1.0) -> JudgedImages:
    """Labels that follow from the very chances that are said, at scale 1."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(n, 3)) * 1.5
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (random.uniform(size=(n, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    return judged(scale * logits, labels, PRIOR)


def test_scores_of_six_images_by_hand(images: JudgedImages) -> None:
    ones = _ones(images)

    assert scores.confusion(images, ones).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]]
    assert scores.accuracy(images, ones) == pytest.approx(4 / 6)
    np.testing.assert_allclose(scores.recall(images, ones), [1 / 2, 1, 2 / 3])
    np.testing.assert_allclose(scores.precision(images, ones), [1 / 2, 1 / 2, 1])
    np.testing.assert_allclose(scores.f_1(images, ones), [1 / 2, 2 / 3, 4 / 5])
    assert scores.log_score(images, ones) == pytest.approx(-(4 * np.log(0.8) + 2 * np.log(0.1)) / 6)
    prevalence = -(2 * np.log(0.5) + np.log(0.3) + 3 * np.log(0.2)) / 6
    assert scores.log_skill(images, ones) == pytest.approx(1 - scores.log_score(images, ones) / prevalence)
    assert scores.calibration_error(images, ones) == pytest.approx(abs(0.8 - 4 / 6))


@settings(max_examples=30)
@given(seed=seeds)
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    images, weights = _random(seed), np.random.default_rng(seed).integers(0, 4, size=40).astype(float)
    truth, said, chances = images.labels, images.answers, np.exp(images.log_chances)
    if len(set(truth[weights > 0])) < 3:
        return

    p, r, f, _ = metrics.precision_recall_fscore_support(truth, said, sample_weight=weights, zero_division=np.nan)
    np.testing.assert_allclose(scores.precision(images, weights), p)
    np.testing.assert_allclose(scores.recall(images, weights), r)
    np.testing.assert_allclose(scores.f_1(images, weights), f)
    assert scores.accuracy(images, weights) == pytest.approx(np.average(truth == said, weights=weights))
    assert scores.log_score(images, weights) == pytest.approx(metrics.log_loss(truth, chances, sample_weight=weights))
    balanced = next(one for one in CLASS_SCORES if one.name == "balanced_accuracy")
    expected = metrics.balanced_accuracy_score(truth, said, sample_weight=weights)
    assert balanced.score(images, weights) == pytest.approx(expected)


def test_a_class_that_is_never_said_counts_as_nothing_and_one_that_is_not_there_does_not_count() -> None:
    images = judged(np.log(0.1 + 0.7 * np.eye(3)[[0, 0, 0]]), np.array([0, 0, 1]), PRIOR)
    ones = np.ones(3)

    precision = scores.precision(images, ones)

    np.testing.assert_allclose(precision, [2 / 3, np.nan, np.nan])
    assert scores.macro(precision, images, ones) == pytest.approx((2 / 3 + 0) / 2)


def test_the_prevalence_has_no_skill() -> None:
    images = judged(np.broadcast_to(np.log(PRIOR), (6, 3)), LABELS, PRIOR)

    assert scores.log_skill(images, _ones(images)) == pytest.approx(0, abs=1e-12)


@settings(max_examples=20)
@given(seed=seeds, scale=st.floats(0.3, 3.0))
def test_the_slope_undoes_a_scale(seed: int, scale: float) -> None:
    """Chances that are s times as bold in log odds have a slope of that of the true ones over s."""
    own, bold = (scores.calibration_slope(_random(seed, 200, s), np.ones(200)) for s in (1.0, scale))

    assert bold == pytest.approx(own / scale, rel=1e-5)


def test_a_replicate_with_right_answers_alone_has_no_slope() -> None:
    """Three of four are right: log 3 over the log odds that were said. Without the wrong one there is no maximum."""
    images = judged(np.log(np.tile([0.9, 0.1], (4, 1))), np.array([0, 0, 0, 1]), np.array([0.5, 0.5]))

    slopes = scores.calibration_slope(images, np.array([[1.0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 1]]))

    np.testing.assert_allclose(slopes, [np.log(3) / np.log(9), np.nan, np.nan], atol=1e-6)


def test_true_chances_have_a_slope_of_one() -> None:
    images = _random(1, 20_000)

    assert scores.calibration_slope(images, _ones(images)) == pytest.approx(1, abs=0.03)
    assert scores.calibration_error(images, _ones(images)) < 0.01


def test_replicates_come_to_the_slope_of_their_own() -> None:
    images = _random(3, 150)
    weights = np.random.default_rng(0).multinomial(150, np.full(150, 1 / 150), size=20).astype(float)

    together = scores.calibration_slope(images, weights)

    apart = [scores.calibration_slope(images, each) for each in weights]
    np.testing.assert_allclose(together, apart, rtol=1e-4)


def test_images_that_are_all_right_have_no_slope() -> None:
    images = judged(5 * np.eye(3)[LABELS], LABELS, PRIOR)

    assert np.isnan(scores.calibration_slope(images, _ones(images)))


def test_tables_hold_each_score_once_and_its_parts(images: JudgedImages) -> None:
    blocks = np.array([7, 7, 3, 3, 9, 9], dtype=np.uint64)
    replicates = block_replicates(3, 0, 200)

    table = class_score_table(images, NAMES, blocks, replicates)

    assert table.columns.tolist() == ["score", "part", "value", "low_95", "high_95", "n_blocks", "n"]
    assert len(table) == len(CLASS_SCORES) + 9
    assert set(table["n_blocks"]) == {3}
    assert set(table["n"]) == {6}
    of_thick = table[(table["score"] == "recall") & (table["part"] == "thick")].iloc[0]
    assert of_thick["value"] == pytest.approx(2 / 3)
    bounded = table[table["low_95"].notna()]
    assert (bounded["low_95"] <= bounded["high_95"]).all()


def test_a_model_has_no_lead_over_itself(images: JudgedImages) -> None:
    blocks = np.array([7, 7, 3, 3, 9, 9], dtype=np.uint64)

    table = class_difference_table(images, images, NAMES, blocks, block_replicates(3, 0, 50))

    known = table[table["value"].notna()]
    assert (known[["value", "low_95", "high_95"]].abs() < 1e-12).all(axis=None)


def test_membership_turns_drawn_blocks_into_weights_of_images() -> None:
    drawn = np.array([[2.0, 0.0, 1.0]]) @ membership(np.array([9, 5, 9, 7], dtype=np.uint64))

    assert drawn.tolist() == [[1.0, 2.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    ("logits", "labels", "prior"),
    [
        (np.zeros((2, 3)), np.array([0, 3]), PRIOR),
        (np.zeros((2, 2)), np.array([0, 1]), PRIOR),
        (np.full((2, 3), np.nan), np.array([0, 1]), PRIOR),
        (np.zeros((2, 3)), np.array([0, 1]), np.array([1.0, 0.0, 0.0])),
    ],
)
def test_what_cannot_be_judged_is_refused(logits: np.ndarray, labels: np.ndarray, prior: np.ndarray) -> None:
    with pytest.raises(SchemaError):
        judged(logits, labels, prior)
