"""Chosen tiles: as many as asked, the best among them, and each as often as its chance says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.learning.two_stage.budget import choose_tiles


@given(
    n_tiles=st.integers(1, 80),
    n_chosen=st.integers(1, 100),
    share=st.floats(0.01, 1.0),
    seed=st.integers(0, 100),
)
def test_as_many_tiles_as_asked_and_every_chance_above_zero(n_tiles, n_chosen, share, seed):
    expected = np.random.default_rng(seed).gamma(1.0, size=n_tiles)
    chosen = choose_tiles(expected, n_chosen, share, seed)
    assert chosen.is_chosen.sum() == min(n_chosen, n_tiles)
    assert (chosen.inclusion > 0).all()
    assert (chosen.inclusion <= 1).all()
    assert chosen.inclusion.sum() == pytest.approx(chosen.is_chosen.sum())
    assert chosen.is_chosen[chosen.is_best].all()
    if chosen.is_best.any() and not chosen.is_best.all():
        assert expected[chosen.is_best].min() >= expected[~chosen.is_best].max()


def test_a_tenth_is_random_and_the_seed_decides_which():
    expected = np.arange(5000.0)
    first, again, other = (choose_tiles(expected, 500, 0.1, seed) for seed in (1, 1, 2))
    assert first.is_best.sum() == 450
    assert first.is_best[-450:].all()
    np.testing.assert_array_equal(first.is_chosen, again.is_chosen)
    assert (first.is_chosen != other.is_chosen).any()
    np.testing.assert_array_equal(first.inclusion[:-450], 50 / 4550)


def test_tiles_are_chosen_as_often_as_their_chance_says():
    expected = np.arange(20.0)
    often = np.mean([choose_tiles(expected, 10, 0.5, seed).is_chosen for seed in range(4000)], axis=0)
    np.testing.assert_allclose(often, choose_tiles(expected, 10, 0.5, 0).inclusion, atol=0.04)


def test_a_tile_without_a_forecast_may_be_drawn_but_is_none_of_the_best():
    expected = np.array([np.nan, 1.0, np.nan, np.nan, 2.0])
    chosen = choose_tiles(expected, 4, 0.1, 0)
    assert chosen.is_best.tolist() == [False, True, False, False, True]


@pytest.mark.parametrize(("n_chosen", "share"), [(0, 0.1), (5, 0.0), (5, 1.1)])
def test_a_budget_of_nothing_or_without_chance_is_refused(n_chosen, share):
    with pytest.raises(ConfigError):
        choose_tiles(np.ones(9), n_chosen, share, 0)
