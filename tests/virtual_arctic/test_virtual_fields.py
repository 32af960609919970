import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from entropice.virtual_arctic.fields import power_law_field, rank_gaussian, rank_uniform

seeds = st.integers(0, 2**32 - 1)


def field(seed, exponent=4.0, longest_px=20.0):
    return power_law_field(np.random.default_rng(seed), (64, 48), exponent, longest_px)


@given(seeds)
def test_fields_are_standardised(seed):
    values = field(seed)
    assert values.dtype == np.float32
    assert abs(values.mean()) < 1e-5
    assert abs(values.std() - 1) < 1e-5


@given(seeds)
def test_fields_continue_over_their_edges(seed):
    values = field(seed)
    across_edge = np.abs(values[:, 0] - values[:, -1]).mean()
    inside = np.abs(np.diff(values, axis=1)).mean()
    assert across_edge < 2.5 * inside


@pytest.mark.parametrize("exponent", [2.5, 4.0])
def test_spectrum_follows_the_power_law(exponent):
    values = power_law_field(np.random.default_rng(0), (512, 512), exponent, longest_px=1e6)
    power = np.abs(np.fft.fft2(values)) ** 2
    wave_number = np.hypot(np.fft.fftfreq(512)[:, None], np.fft.fftfreq(512)[None, :])
    low, high = (power[(wave_number > k) & (wave_number < 1.2 * k)].mean() for k in (0.02, 0.2))
    assert np.log(low / high) / np.log(10) == pytest.approx(exponent, abs=0.2)


@given(seeds)
def test_ranks_keep_the_order_and_make_the_margins_exact(seed):
    values = field(seed)
    assert (np.argsort(values.ravel()) == np.argsort(rank_uniform(values).ravel(), kind="stable")).mean() > 0.99
    assert kstest(rank_gaussian(values).ravel(), "norm").statistic < 1e-3
