import numpy as np
import pytest

from entropice.virtual_lakes.hollows import Hollow, Water
from entropice.virtual_lakes.label_noise import noisy_labels
from entropice.virtual_lakes.specification import LabelNoise

N_LAKES = 400


def strips(breadth: int = 30):
    """Lakes of 120 by `breadth` pixels, of one year, one above another."""
    lake = np.zeros((N_LAKES * (breadth + 1), 122), dtype=np.int32)
    waters = []
    for number in range(N_LAKES):
        rows, columns = np.mgrid[number * (breadth + 1) : (number + 1) * (breadth + 1) - 1, 1:121].reshape(2, -1)
        lake[rows, columns] = number + 1
        hollow = Hollow(number + 1, 0, 0, 1.0, np.array([100.0 * 120 * breadth]), 1.0)
        waters.append(Water(hollow, rows, columns))
    return lake, tuple(waters)


@pytest.mark.parametrize("mean_m", [4.0, 12.0])
def test_outlines_lie_inside_the_shore_by_the_stated_distance_in_the_mean(mean_m):
    lake, waters = strips()
    noise = LabelNoise(mean_erosion_m=mean_m, missed_share=0.0)
    drawn = noisy_labels(lake, waters, 0, noise, np.random.default_rng(5))
    assert (lake[drawn] > 0).all()
    middle = drawn[:, 60].reshape(N_LAKES, 31).sum(axis=1)
    lost_m = 10 * (30 - middle) / 2
    assert lost_m.mean() == pytest.approx(mean_m, abs=4 * np.hypot(mean_m, 10 / np.sqrt(12)) / np.sqrt(N_LAKES))


def test_without_erosion_and_misses_labels_are_the_truth():
    lake, waters = strips()
    drawn = noisy_labels(lake, waters, 0, LabelNoise(mean_erosion_m=0, missed_share=0), np.random.default_rng(5))
    np.testing.assert_array_equal(drawn, lake > 0)


def test_small_lakes_alone_are_missed_by_the_stated_chance():
    lake, waters = strips(breadth=2)
    noise = LabelNoise(mean_erosion_m=0, missed_below_ha=2.5, missed_share=0.3)
    drawn = noisy_labels(lake, waters, 0, noise, np.random.default_rng(6))
    is_seen = drawn[::3, 60]
    assert 1 - is_seen.mean() == pytest.approx(0.3, abs=0.07)
    larger = noise.model_copy(update={"missed_below_ha": 2.4})
    assert noisy_labels(lake, waters, 0, larger, np.random.default_rng(6))[::3, 60].all()
