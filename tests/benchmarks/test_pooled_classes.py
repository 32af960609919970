import numpy as np
import pytest

from benchmarks.pooled_classes import World, pooled
from entropice.imagery.classes.judged import judged
from entropice.imagery.classes.scores import calibration_slope


def _world(seed: int, boldness: float) -> World:
    random = np.random.default_rng(seed)
    logits = 2 * random.normal(size=(60, 3))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([random.choice(3, p=each) for each in chances])
    images = judged(boldness * logits, labels, np.full(3, 1 / 3))
    return {"network": images}, np.repeat(np.arange(6, dtype=np.uint64), 10)


def test_images_of_all_worlds_are_scored_as_one() -> None:
    worlds = [_world(1, 1.0), _world(2, 2.0)]

    table = pooled(worlds).set_index("score")

    slopes = [float(calibration_slope(images["network"], np.ones(60))) for images, _ in worlds]
    assert min(slopes) < table.loc["slope", "value"] < max(slopes)
    right = [(images["network"].answers == images["network"].labels).mean() for images, _ in worlds]
    assert table.loc["accuracy", "value"] == pytest.approx(np.mean(right))
    assert set(table["n"]) == {120}


def test_blocks_of_different_worlds_are_different_ground() -> None:
    table = pooled([_world(1, 1.0), _world(2, 1.0)])

    assert set(table["n_blocks"]) == {12}
