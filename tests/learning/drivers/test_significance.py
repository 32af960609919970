import numpy as np
import pytest

from entropice.learning.drivers.significance import block_intervals, p_values, q_values


def test_p_values_of_sets_without_meaning_are_uniform_and_small_for_a_real_one():
    random = np.random.default_rng(0)
    scales = np.geomspace(0.1, 10.0, 20)
    draws = random.normal(size=(200, 9, 20)) * scales
    p = np.array([p_values(each[0], each[1:]) for each in draws])
    assert p.mean() == pytest.approx(0.5, abs=0.03)
    assert (p <= 0.1).mean() == pytest.approx(0.1, abs=0.02)
    nulls = random.normal(size=(8, 20)) * scales
    real = np.where(np.arange(20) == 3, 30 * scales, 0.0)
    found = p_values(real, nulls)
    assert found[3] == pytest.approx(1 / 161)
    assert (np.delete(found, 3) > 0.02).all()


def test_a_set_that_does_nothing_like_its_copies_is_no_discovery():
    assert p_values(np.zeros(2), np.zeros((3, 2))) == pytest.approx(1.0)


def test_false_discoveries_are_controlled_as_benjamini_and_hochberg_say():
    assert q_values(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_the_interval_of_a_mean_is_that_of_its_blocks():
    """Rows of a block are alike: 20 blocks count, not 1,000 rows."""
    random = np.random.default_rng(0)
    blocks = np.repeat(np.arange(20, dtype=np.uint64), 50)
    rises = random.normal(size=20)[blocks.astype(int)][None, :]
    low, high = block_intervals(rises, blocks, random)
    assert low < rises.mean() < high
    assert (high - low).item() == pytest.approx(2 * 1.96 * rises.std() / np.sqrt(20), rel=0.15)
