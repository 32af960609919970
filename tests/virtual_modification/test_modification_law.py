import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.virtual_modification.ground import ground_of
from entropice.virtual_modification.law import State, grow, next_state, settled
from entropice.virtual_modification.roads import Roads

SHAPE = (15, 17)
NO_ROADS = Roads(np.zeros(SHAPE, dtype=bool), np.empty((0, 3), dtype=np.int64))
AVERAGE = np.zeros(SHAPE, np.float32)


def ground(elevation_m=0.0):
    height = np.full(SHAPE, elevation_m, np.float32)
    return ground_of(height, np.ones(SHAPE, dtype=bool), 300.0)


def grown(specification, level, elevation_m=0.0, roads=NO_ROADS, economy=AVERAGE):
    modification = np.full(SHAPE, level, np.float32)
    return grow(modification, roads, economy, ground(elevation_m), specification.growth, 300.0)


def test_growth_worked_by_hand(specification):
    """h' = h + (K − h)(1 − exp(−s (a + b) h / K)) where all ground is alike, far from roads."""
    law = specification.growth
    rate = np.exp(-150 / 300) * (law.within + law.from_neighbours) * 0.3 / law.capacity
    expected = 0.3 + (law.capacity - 0.3) * (1 - np.exp(-rate))

    assert grown(specification, 0.3, elevation_m=150.0) == pytest.approx(expected, rel=1e-5)


@given(low=st.floats(0, 0.9), high=st.floats(0, 0.9))
def test_more_leads_to_more_and_never_past_full(specification, low, high):
    low, high = sorted((low, high))
    less, more = grown(specification, low), grown(specification, high)

    assert (less <= more + 1e-6).all()
    assert (less >= low - 1e-6).all()
    assert (more <= specification.growth.capacity + 1e-6).all()


@given(level=st.floats(0.01, 0.85), lower_m=st.floats(0, 500), by_m=st.floats(50, 500))
def test_height_slows(specification, level, lower_m, by_m):
    assert (grown(specification, level, lower_m + by_m) < grown(specification, level, lower_m)).all()


def test_full_cells_stay_full_and_empty_ones_empty(specification):
    capacity = specification.growth.capacity
    assert grown(specification, capacity) == pytest.approx(capacity)
    assert (grown(specification, 0.0) == 0).all()


def test_a_road_changes_what_lies_beside_it(specification):
    is_road = np.zeros(SHAPE, dtype=bool)
    is_road[7, 8] = True
    beside = grown(specification, 0.0, roads=Roads(is_road, NO_ROADS.ends))

    assert beside[7, 8] == beside.max() > beside[7, 9] > 0
    assert beside[0, 0] == 0


def test_a_region_that_does_well_grows_more(specification):
    assert (grown(specification, 0.2, economy=AVERAGE + 1) > grown(specification, 0.2)).all()


def test_a_settlement_is_highest_in_its_middle_and_dry(specification):
    is_land = np.ones(SHAPE, dtype=bool)
    is_land[:, :8] = False
    shore = ground_of(is_land.astype(np.float32), is_land, 300.0)
    empty = State(np.zeros(SHAPE, np.float32), NO_ROADS, AVERAGE)

    after = settled(empty, np.array([[7, 8]]), shore, specification.settlements, 300.0, np.random.default_rng(1))

    assert np.unravel_index(after.modification.argmax(), SHAPE) == (7, 8)
    assert after.modification[7, 8] <= specification.settlements.level
    assert (after.modification[:, :8] == 0).all()
    assert len(after.roads.ends) == specification.settlements.n_roads


@given(seed=st.integers(0, 10_000))
def test_a_step_never_takes_back(modified, specification, seed):
    before = modified.states[2]
    after = next_state(before, modified.ground, specification, np.random.default_rng(seed))

    assert (after.modification >= before.modification).all()
    assert after.modification.max() <= specification.growth.capacity
    assert (after.modification[~modified.ground.is_land] == 0).all()
    assert (after.modification[after.roads.is_road] >= specification.roads.level).all()
