import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincc

from entropice.virtual_arctic.areas import draw_areas_m2
from entropice.virtual_arctic.specification import AreaDistribution


@pytest.fixture(scope="module")
def default_areas(default_values):
    return AreaDistribution(**default_values["slumps"]["areas"])


def test_median_and_tail_are_those_of_darts(default_areas):
    areas_m2 = draw_areas_m2(default_areas, np.random.default_rng(0), 400_000)
    assert np.median(areas_m2) == pytest.approx(2200, rel=0.01)
    assert np.quantile(areas_m2, 0.99) == pytest.approx(90_000, rel=0.05)
    assert areas_m2.max() <= 637_000


@given(st.floats(0.5, 3), st.floats(200, 5000), st.integers(0, 2**32 - 1))
def test_draws_follow_the_truncated_law(shape, scale_m2, seed):
    law = AreaDistribution(shape=shape, scale_m2=scale_m2, min_m2=300.0, max_m2=50_000.0)
    areas_m2 = draw_areas_m2(law, np.random.default_rng(seed), 4000)
    assert areas_m2.min() >= 300
    assert areas_m2.max() <= 50_000
    low, high, at = (gammaincc(shape, scale_m2 / x) for x in (300.0, 50_000.0, 3000.0))
    assert (areas_m2 <= 3000).mean() == pytest.approx((at - low) / (high - low), abs=0.04)


def test_no_slump_has_no_area(default_areas):
    assert draw_areas_m2(default_areas, np.random.default_rng(0), 0).shape == (0,)
