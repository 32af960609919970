import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import invgamma, kstest

from entropice.errors import ConfigError
from entropice.virtual_scenes.growth import age_years, growth_factor, growth_m2_per_year
from entropice.virtual_scenes.specification import Growth

GROWTH = Growth(reference_year=2022, retreat_shape=1.6, retreat_scale_m=5.0, largest_share=0.2)
IDS = np.arange(1, 4001)


def areas_at(year, area_m2, growth=GROWTH, seed=1):
    return area_m2 * growth_factor(IDS, area_m2, year, growth, seed)


@pytest.fixture(scope="module")
def reference_m2():
    return np.exp(np.random.default_rng(2).uniform(np.log(288), np.log(637_000), size=len(IDS)))


def test_areas_are_the_worlds_in_the_reference_year(reference_m2):
    np.testing.assert_array_equal(areas_at(2022, reference_m2), reference_m2)


@given(year=st.integers(2018, 2040))
def test_slumps_only_grow(year):
    area_m2 = np.full(len(IDS), 2200.0)
    before, after = areas_at(year, area_m2), areas_at(year + 1, area_m2)
    assert (before > 0).all()
    assert (after > before).all()
    np.testing.assert_allclose(after - before, growth_m2_per_year(IDS, area_m2, GROWTH, 1), rtol=1e-6)


def test_a_slump_grows_the_same_whichever_slumps_are_asked_for(reference_m2):
    whole = growth_factor(IDS, reference_m2, 2025, GROWTH, 1)
    some = growth_factor(IDS[7:9], reference_m2[7:9], 2025, GROWTH, 1)
    np.testing.assert_array_equal(whole[7:9], some)


def test_retreat_is_inverse_gamma():
    """So large that no retreat reaches the largest share."""
    area_m2 = np.full(len(IDS), 1e14)
    retreat_m = growth_m2_per_year(IDS, area_m2, GROWTH, 1) / np.sqrt(area_m2)
    assert kstest(retreat_m, invgamma(1.6, scale=5.0).cdf).pvalue > 0.01


def test_no_retreat_is_beyond_the_largest_share():
    area_m2 = np.full(len(IDS), 300.0)
    share = growth_m2_per_year(IDS, area_m2, GROWTH, 1) / area_m2
    assert share.max() == pytest.approx(0.2)
    assert share.min() < 0.15


def test_ages_end_at_an_area_of_zero(reference_m2):
    age = age_years(IDS, reference_m2, 2023, GROWTH, 1)
    rate = growth_m2_per_year(IDS, reference_m2, GROWTH, 1)
    np.testing.assert_allclose(areas_at(2023, reference_m2) - age * rate, 0, atol=1e-6)


def test_years_before_the_law_are_refused(reference_m2):
    assert (areas_at(2018, reference_m2) > 0).all()
    with pytest.raises(ConfigError, match="does not reach back") as caught:
        areas_at(2017, reference_m2)
    assert caught.value.fix is not None
