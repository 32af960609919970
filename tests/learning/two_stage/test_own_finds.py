"""A cell's own finds: the dispersion that made the counts is found, and densities are what a posterior mean is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma, nbinom, poisson

from entropice.errors import SchemaError
from entropice.learning.two_stage.own_finds import LARGEST_K, chance_of_any, fit_dispersion, updated_density


@pytest.mark.parametrize("k", [0.2, 1.0, 5.0])
def test_the_dispersion_that_made_the_counts_is_found(k):
    random = np.random.default_rng(0)
    expected = random.lognormal(1, 1, 20_000)
    counts = random.poisson(expected * random.gamma(k, 1 / k, 20_000)).astype(float)
    assert fit_dispersion(counts, expected) == pytest.approx(k, rel=0.05)


def test_cells_that_do_not_depart_have_the_largest():
    random = np.random.default_rng(1)
    expected = random.lognormal(0, 1, 20_000)
    assert fit_dispersion(random.poisson(expected).astype(float), expected) > LARGEST_K / 20


def test_a_density_is_the_mean_over_all_factors_that_there_may_be():
    density, exposure, n, k = 0.3, 8.0, 4, 0.7

    def joint(factor):
        return gamma.pdf(factor, k, scale=1 / k) * poisson.pmf(n, density * exposure * factor)

    mean = quad(lambda factor: factor * joint(factor), 0, 50)[0] / quad(joint, 0, 50)[0]
    found = updated_density(np.array([density]), np.array([n]), np.array([exposure]), k)
    assert found[0] == pytest.approx(density * mean, rel=1e-6)


@given(st.floats(1e-3, 1e3), st.floats(1e-2, 1e2))
def test_the_chance_of_any_is_that_of_a_negative_binomial(expected, k):
    found = chance_of_any(np.array([expected]), k)
    assert found[0] == pytest.approx(1 - nbinom.pmf(0, k, k / (k + expected)), rel=1e-6, abs=1e-12)


@given(st.floats(1e-3, 10), st.integers(0, 20), st.floats(0.1, 100), st.floats(1e-2, 1e2))
def test_a_density_lies_between_what_was_expected_and_what_was_found(density, n, exposure, k):
    found = updated_density(np.array([density]), np.array([n]), np.array([exposure]), k)[0]
    low, high = sorted([density, n / exposure])
    assert low * (1 - 1e-9) <= found <= high * (1 + 1e-9)


def test_where_nobody_looked_nothing_is_learned():
    assert updated_density(np.array([0.4]), np.zeros(1), np.zeros(1), 0.3).tolist() == [0.4]


@pytest.mark.parametrize(
    ("counts", "expected"), [([1.0], [1.0, 2.0]), ([-1.0], [1.0]), ([1.0], [0.0]), ([1.0], [np.nan])]
)
def test_wrong_counts_are_refused(counts, expected):
    with pytest.raises(SchemaError):
        fit_dispersion(np.array(counts), np.array(expected))
