import numpy as np
import pytest
from scipy.stats import lognorm

from entropice.virtual_lakes.areas import first_areas_m2, growth_factors
from entropice.virtual_lakes.specification import Growth, Lakes

YEARS = (2017, 2021, 2022, 2023)


def test_first_areas_follow_the_cut_log_normal():
    lakes = Lakes()
    area_ha = first_areas_m2(20_000, lakes, np.random.default_rng(1)) / 1e4
    assert area_ha.min() >= lakes.smallest_ha
    assert area_ha.max() <= lakes.largest_ha
    law = lognorm(s=lakes.log_spread, scale=lakes.median_ha)
    low, high = law.cdf([lakes.smallest_ha, lakes.largest_ha])
    for limit_ha in (0.2, 0.5, 2.0, 10.0):
        expected = (law.cdf(limit_ha) - low) / (high - low)
        assert (area_ha < limit_ha).mean() == pytest.approx(expected, abs=0.015)
    assert (area_ha < 0.5).mean() > 0.35


def test_lakes_stay_grow_in_a_line_or_drain_once():
    growth = Growth(growing_share=0.3, largest_per_year=0.1, draining_share=0.2, largest_left=0.5)
    factor = growth_factors(20_000, growth, YEARS, np.random.default_rng(2))
    assert (factor[:, 0] == 1).all()
    grows, drains = factor[:, -1] > 1, factor[:, -1] < 1
    assert grows.mean() == pytest.approx(0.3, abs=0.015)
    assert drains.mean() == pytest.approx(0.2, abs=0.015)
    per_year = (factor[grows] - 1)[:, 1:] / np.array([4, 5, 6])
    np.testing.assert_allclose(per_year, per_year[:, :1].repeat(3, axis=1), rtol=1e-9)
    assert per_year.mean() == pytest.approx(0.05, abs=0.003)
    steps = np.diff(factor[drains], axis=1)
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert factor[drains, -1].max() <= 0.5
    np.testing.assert_allclose((steps < 0).mean(axis=0), 1 / 3, atol=0.03)


def test_a_single_year_has_no_change():
    assert (growth_factors(50, Growth(), (2021,), np.random.default_rng(3)) == 1).all()
