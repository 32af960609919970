import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.virtual_modification.ground import ground_of
from entropice.virtual_modification.roads import COMPASS, Roads, advanced, begun
from entropice.virtual_modification.specification import RoadLaw

ALWAYS = RoadLaw(advance_m=1200.0, worked_on=1.0, fork=0.0, level=0.2, avoided_step_m=1.0)
EAST = 2


def flat(shape=(21, 21)):
    return ground_of(np.ones(shape, np.float32), np.ones(shape, dtype=bool), 300.0)


def one_end(row, column, heading, shape=(21, 21)):
    return Roads(np.zeros(shape, dtype=bool), np.array([[row, column, heading]]))


def test_a_valley_is_followed():
    height = np.full((21, 21), 500, np.float32)
    height[10] = 1
    ground = ground_of(height, height > 0, 300.0)

    roads = advanced(one_end(10, 5, EAST), ground, ALWAYS, 300.0, np.random.default_rng(1))

    assert np.argwhere(roads.is_road).tolist() == [[10, 6], [10, 7], [10, 8], [10, 9]]
    assert roads.ends.tolist() == [[10, 9, EAST]]


def test_turns_on_flat_ground_are_as_likely_as_straight_on():
    ends = np.tile([10, 10, EAST], (6000, 1))
    one_pixel = ALWAYS.model_copy(update={"advance_m": 300.0})
    roads = advanced(Roads(np.zeros((21, 21), dtype=bool), ends), flat(), one_pixel, 300.0, np.random.default_rng(2))

    headings, counts = np.unique(roads.ends[:, 2], return_counts=True)

    assert headings.tolist() == [1, 2, 3]
    # three standard deviations of 6,000 draws at 1/3
    assert counts / 6000 == pytest.approx(1 / 3, abs=3 * np.sqrt(2 / 9 / 6000))


def test_water_and_the_edge_end_a_road():
    is_land = np.ones((21, 21), dtype=bool)
    is_land[:, 12:] = False
    shore = ground_of(is_land.astype(np.float32), is_land, 300.0)

    at_shore = advanced(one_end(10, 11, EAST), shore, ALWAYS, 300.0, np.random.default_rng(3))
    at_edge = advanced(one_end(10, 20, EAST), flat(), ALWAYS, 300.0, np.random.default_rng(3))

    assert len(at_shore.ends) == len(at_edge.ends) == 0
    assert not at_shore.is_road.any()


def test_ends_rest_and_fork_by_chance():
    resting = ALWAYS.model_copy(update={"worked_on": 0.0})
    forking = resting.model_copy(update={"fork": 1.0})

    assert advanced(one_end(4, 4, 1), flat(), resting, 300.0, np.random.default_rng(4)).ends.tolist() == [[4, 4, 1]]
    forked = advanced(one_end(4, 4, 1), flat(), forking, 300.0, np.random.default_rng(4)).ends
    assert forked[0].tolist() == [4, 4, 1]
    assert forked[1].tolist() in ([4, 4, 3], [4, 4, 7])


@given(seed=st.integers(0, 1000), advance_m=st.floats(300, 3000))
def test_roads_only_grow_and_hang_together(seed, advance_m):
    law = ALWAYS.model_copy(update={"advance_m": advance_m, "fork": 0.3, "worked_on": 0.7})
    random = np.random.default_rng(seed)
    before = begun(Roads(np.zeros((21, 21), dtype=bool), np.empty((0, 3), np.int64)), np.array([[10, 10]]), 3, random)

    after = advanced(before, flat(), law, 300.0, random)
    later = advanced(after, flat(), law, 300.0, random)

    assert (later.is_road >= after.is_road).all()
    distance = np.abs(np.argwhere(after.is_road) - 10).max(axis=1, initial=0)
    assert (distance <= max(1, round(advance_m / 300))).all()


def test_headings_go_clockwise_round_all_neighbours():
    assert len({tuple(step) for step in COMPASS}) == 8
    angles = np.unwrap(np.arctan2(COMPASS[:, 1], -COMPASS[:, 0]))
    assert np.diff(angles) == pytest.approx(np.pi / 4)
