import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.types import FloatArray
from entropice.virtual_ice.dynamics import IceState, carried, frozen_and_melted, mixed, opened
from entropice.virtual_ice.specification import Heat

N = 12
SEEDS = st.integers(0, 2**31)


def state_of(random: np.random.Generator, sea: np.ndarray) -> IceState:
    concentration = random.random(sea.shape) * sea * (random.random(sea.shape) > 0.3)
    return IceState(concentration, concentration * random.uniform(0.1, 3, sea.shape))


def coasts_of(random: np.random.Generator) -> np.ndarray:
    sea = random.random((N, N)) > 0.3
    sea[0, 0] = True
    return sea


def one_floe(row: int, column: int, concentration: float = 0.5) -> IceState:
    ice = np.zeros((N, N))
    ice[row, column] = concentration
    return IceState(ice, 2 * ice)


def rigid(east_px: float, north_px: float) -> FloatArray:
    return np.stack([np.full((N, N), east_px), np.full((N, N), north_px)])


SEA = np.ones((N, N), dtype=bool)


def test_whole_pixels_of_drift_move_the_ice_without_changing_it() -> None:
    moved = carried(one_floe(5, 5), rigid(2, 1), SEA)
    assert np.array_equal(moved.concentration, one_floe(4, 7).concentration)
    assert np.array_equal(moved.volume_m, one_floe(4, 7).volume_m)


def test_parts_of_a_pixel_are_shared_bilinearly() -> None:
    moved = carried(one_floe(5, 5), rigid(0.25, -0.5), SEA).concentration
    assert moved[5:7, 5:7] == pytest.approx(0.5 * np.array([[0.375, 0.125], [0.375, 0.125]]))
    assert moved.sum() == pytest.approx(0.5)


def test_land_gets_nothing_and_what_reaches_none_but_land_stays() -> None:
    sea = SEA.copy()
    sea[:, 8:] = False
    halfway = carried(one_floe(5, 7), rigid(0.5, 0), sea)
    assert halfway.concentration[5, 7] == pytest.approx(0.5)
    stopped = carried(one_floe(5, 7), rigid(3, 0), sea)
    assert stopped.concentration[5, 7] == pytest.approx(0.5)


def test_ice_that_would_cover_more_than_a_pixel_ridges() -> None:
    towards = np.zeros((2, N, N))
    towards[0, 5, 4] = 2.0
    both = IceState(*(one_floe(5, 4, 0.7).concentration + other for other in (one_floe(5, 6, 0.7).concentration, 0)))
    state = IceState(both.concentration, 2 * both.concentration)
    towards[0, 5, 5] = 2.0
    moved = carried(state, towards, SEA)
    assert moved.concentration[5, 6] == 1
    assert moved.volume_m[5, 6] == pytest.approx(2.8)
    assert moved.thickness_m[5, 6] == pytest.approx(2.8)


@given(SEEDS, st.floats(0, 30))
def test_drift_keeps_volume_bounds_and_coasts(seed: int, speed_px: float) -> None:
    random = np.random.default_rng(seed)
    sea = coasts_of(random)
    state = state_of(random, sea)
    moved = carried(state, speed_px * random.standard_normal((2, N, N)), sea)
    assert moved.volume_m.sum() == pytest.approx(state.volume_m.sum(), rel=1e-12)
    assert moved.concentration.sum() <= state.concentration.sum() * (1 + 1e-12)
    assert moved.concentration.min() >= 0
    assert moved.concentration.max() <= 1
    assert not moved.concentration[~sea].any()
    assert not moved.volume_m[~sea].any()


@given(SEEDS, st.floats(0, 0.25))
def test_mixing_keeps_sums_and_goes_beyond_no_neighbour(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    sea = coasts_of(random)
    state = state_of(random, sea)
    after = mixed(state, share, sea)
    assert after.concentration.sum() == pytest.approx(state.concentration.sum(), rel=1e-12)
    assert after.volume_m.sum() == pytest.approx(state.volume_m.sum(), rel=1e-12)
    assert after.concentration.min() >= -1e-12
    assert after.concentration.max() <= state.concentration.max() + 1e-12
    assert not after.concentration[~sea].any()


def test_mixing_of_two_pixels_by_hand() -> None:
    after = mixed(one_floe(5, 5, 0.8), 0.1, SEA).concentration
    assert after[5, 5] == pytest.approx(0.8 - 4 * 0.08)
    assert after[[4, 6, 5, 5], [5, 5, 4, 6]] == pytest.approx(0.08)


def test_leads_push_ice_aside_and_keep_its_volume() -> None:
    state = one_floe(3, 3)
    after = opened(state, np.full((N, N), 0.2))
    assert after.concentration[3, 3] == pytest.approx(0.4)
    assert after.volume_m is state.volume_m


def test_a_cold_day_by_hand() -> None:
    heat = Heat(cover_per_day=0.2, new_ice_m=0.1, growth_m2_per_day=0.03, insulation_m=0.5)
    after = frozen_and_melted(one_floe(3, 3), np.array([[0.5]]), SEA, heat)
    assert after.concentration[3, 3] == pytest.approx(0.5 + 0.1 * 0.5)
    assert after.volume_m[3, 3] == pytest.approx(1 + 0.5 * 0.015 / 2.5 + 0.05 * 0.1)
    assert after.concentration[0, 0] == pytest.approx(0.1)


def test_a_warm_day_by_hand() -> None:
    heat = Heat(melt_m_per_day=0.05, ridged_m=1.0)
    after = frozen_and_melted(one_floe(3, 3), np.array([[-1.0]]), SEA, heat)
    lost_m = 0.5 * 0.05 * 3
    assert after.volume_m[3, 3] == pytest.approx(1 - lost_m)
    assert after.concentration[3, 3] == pytest.approx(0.5 * (1 - lost_m / 2))
    assert not after.concentration[0].any()


@given(SEEDS, st.floats(-1, 1))
def test_weather_keeps_bounds_and_grows_nothing_on_land(seed: int, cold: float) -> None:
    random = np.random.default_rng(seed)
    sea = coasts_of(random)
    after = frozen_and_melted(state_of(random, sea), np.array([[cold]]), sea, Heat())
    assert after.concentration.min() >= 0
    assert after.concentration.max() <= 1
    assert after.volume_m.min() >= 0
    assert not after.volume_m[~sea].any()
    assert np.array_equal(after.volume_m > 0, after.concentration > 0)


def test_all_ice_melts_in_the_end_and_none_is_left_as_dust() -> None:
    state = one_floe(3, 3)
    for _ in range(400):
        state = frozen_and_melted(state, np.array([[-1.0]]), SEA, Heat())
    assert not state.concentration.any()
    assert not state.thickness_m.any()
