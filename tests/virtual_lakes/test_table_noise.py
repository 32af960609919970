import numpy as np
import pytest

from entropice.virtual_lakes.table_noise import gaussian, quarters, speckle
from entropice.virtual_scenes.hashing import stream

BITS = quarters(stream(1, "test"), np.arange(300), np.arange(-100, 200))


def test_four_numbers_of_a_pixel_are_independent_of_each_other_and_of_the_window():
    assert BITS.shape == (4, 300, 300)
    assert np.abs(np.corrcoef(BITS.reshape(4, -1)) - np.eye(4)).max() < 0.02
    part = quarters(stream(1, "test"), np.arange(40, 60), np.arange(3, 9))
    np.testing.assert_array_equal(part, BITS[:, 40:60, 103:109])


def test_gaussian_noise_has_mean_0_and_variance_1():
    numbers = gaussian(BITS[0])
    assert numbers.dtype == np.float32
    assert numbers.mean() == pytest.approx(0, abs=0.02)
    assert numbers.var() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("n_looks", [1.0, 4.4])
def test_speckle_keeps_the_mean_and_has_a_variance_of_one_over_the_looks(n_looks):
    numbers = speckle(BITS, n_looks)
    assert numbers.min() > 0
    assert numbers.mean() == pytest.approx(1, abs=0.01)
    assert numbers.var() == pytest.approx(1 / n_looks, rel=0.03)
