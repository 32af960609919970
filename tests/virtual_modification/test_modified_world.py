import numpy as np
import pytest

from entropice.virtual_modification.world import make_modified_world


def test_a_world_is_a_function_of_seed_and_specification(modified, specification):
    again = make_modified_world(3, specification)
    other = make_modified_world(4, specification)

    assert np.array_equal(again.maps(), modified.maps(), equal_nan=True)
    assert not np.array_equal(other.ground.elevation_m, modified.ground.elevation_m)


def test_truth_is_of_land_and_only_rises(modified, specification):
    truth = modified.truth()

    assert truth.shape == (specification.n_steps, *specification.shape)
    assert truth.dtype == np.float32
    assert (np.isnan(truth) == ~modified.ground.is_land).all()
    on_land = truth[:, modified.ground.is_land]
    assert (np.diff(on_land, axis=0) >= 0).all()
    assert on_land.min() == 0
    assert on_land.max() <= specification.growth.capacity


def test_roads_reach_land_that_was_empty(modified):
    first, last = modified.states[0], modified.states[-1]
    is_new = last.roads.is_road & ~first.roads.is_road

    assert is_new.any()
    assert (first.modification[is_new] == 0).any()


def test_the_share_without_data_is_missing_in_each_map(modified, specification):
    is_missing = np.isnan(modified.maps()) & modified.ground.is_land

    # gaps are laid over water too, so that the share of land varies
    assert is_missing.mean() == pytest.approx(specification.missing_share, abs=0.02)
    assert not (is_missing[0] & is_missing[1] & is_missing[2] & is_missing[3]).any()
    everywhere = specification.model_copy(update={"missing_share": 0.0})
    complete = make_modified_world(3, everywhere)
    assert np.array_equal(complete.maps(), modified.truth(), equal_nan=True)


def test_water_takes_its_share_of_the_lowest_ground(modified, specification):
    ground = modified.ground
    assert (~ground.is_land).mean() == pytest.approx(specification.terrain.water_share, abs=0.01)
    assert (ground.elevation_m[~ground.is_land] == 0).all()
    assert (ground.elevation_m[ground.is_land] > 0).all()


def test_years_of_the_published_maps(specification):
    assert specification.years == [1990, 1995, 2000, 2005, 2010, 2015, 2020]
