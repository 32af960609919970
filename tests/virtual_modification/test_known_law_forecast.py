import numpy as np
import pytest

from entropice.virtual_modification.ceiling import known_law_forecast
from entropice.virtual_modification.world import make_modified_world


@pytest.fixture(scope="module")
def ceiling(modified):
    return known_law_forecast(modified, first=2, n_horizons=4, n_draws=15)


def test_forecasts_are_of_land_and_rise(ceiling, modified, specification):
    for forecast in (ceiling.median, ceiling.mean):
        assert forecast.shape == (4, *specification.shape)
        assert forecast.dtype == np.float32
        assert (np.isnan(forecast) == ~modified.ground.is_land).all()
        on_land = forecast[:, modified.ground.is_land]
        assert (np.diff(on_land, axis=0) >= -1e-6).all()
        assert (on_land >= modified.states[2].modification[modified.ground.is_land] - 1e-6).all()


def test_without_chance_the_future_is_known(specification):
    certain = specification.model_copy(
        update={
            "growth": specification.growth.model_copy(update={"economy_memory": 1.0}),
            "roads": specification.roads.model_copy(update={"worked_on": 0.0, "fork": 0.0}),
            "settlements": specification.settlements.model_copy(update={"new_per_1000_km2": 0.0}),
        }
    )
    world = make_modified_world(5, certain)
    forecast = known_law_forecast(world, first=1, n_horizons=4, n_draws=2)

    np.testing.assert_allclose(forecast.median, world.truth()[2:6], atol=1e-6)


def test_it_beats_no_change_and_the_linear_trend(ceiling, modified):
    truth = modified.truth()
    for horizon in (1, 2, 3, 4):
        kept = truth[2]
        trend = np.clip(kept + horizon * (truth[2] - truth[1]), 0, 1)
        error = {
            name: np.nanmean(np.abs(forecast - truth[2 + horizon]))
            for name, forecast in {"known": ceiling.median[horizon - 1], "kept": kept, "trend": trend}.items()
        }
        assert error["known"] < min(error["kept"], error["trend"])


def test_draws_are_stated_and_none_is_the_worlds_own(modified):
    one = known_law_forecast(modified, 2, 1, 1).median
    again = known_law_forecast(modified, 2, 1, 1).median

    assert np.array_equal(one, again, equal_nan=True)
    assert not np.array_equal(one[0], modified.truth()[3], equal_nan=True)


def test_it_looks_beyond_the_last_map(modified, specification):
    assert known_law_forecast(modified, specification.n_steps - 1, 2, 1).mean.shape[0] == 2
