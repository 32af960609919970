from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError

from entropice.errors import ConfigError
from entropice.virtual_ice.random_fields import generator
from entropice.virtual_ice.seasons import Season, coldness, first_days, next_state, season_of, season_with
from entropice.virtual_ice.specification import Drift, Heat, IceSeasons, IceSpecification, Leads

SEED = 5


def test_a_season_is_a_function_of_seed_and_number(specification: IceSpecification, season: Season) -> None:
    again, next_one, world = (season_of(specification, *names) for names in ((SEED, 0), (SEED, 1), (6, 0)))
    assert np.array_equal(again.states[-1].concentration, season.states[-1].concentration)
    assert not np.array_equal(next_one.states[-1].concentration, season.states[-1].concentration)
    assert not np.array_equal(world.states[-1].concentration, season.states[-1].concentration)
    assert np.array_equal(next_one.ground.sea, season.ground.sea)


def test_longer_seasons_begin_alike(specification: IceSpecification, season: Season) -> None:
    seasons = specification.seasons.model_copy(update={"n_seasons": 1})
    shorter = season_of(specification.model_copy(update={"seasons": seasons}), SEED, 0)
    assert np.array_equal(shorter.states[-1].volume_m, season.states[-1].volume_m)


def test_ice_is_at_sea_and_within_bounds(season: Season) -> None:
    for state in season.states:
        assert np.isfinite(state.concentration).all()
        assert state.concentration.min() >= 0
        assert state.concentration.max() <= 1
        assert state.thickness_m.max() < 20
        assert not state.concentration[~season.ground.sea].any()
        assert np.array_equal(state.volume_m > 0, state.concentration > 0)
    assert 0.2 < np.mean([state.concentration[season.ground.sea].mean() for state in season.states]) < 0.9


def test_without_weather_and_leads_a_season_keeps_its_ice(specification: IceSpecification, season: Season) -> None:
    still = specification.model_copy(
        update={"heat": Heat(cover_per_day=0, growth_m2_per_day=0, melt_m_per_day=0), "leads": Leads(opening=0)}
    )
    state = season.states[0]
    before_m = state.volume_m.sum()
    for day in range(30):
        random = generator(1, "leads", day)
        state = next_state(still, season.ground, state, season.drift_m[:, day], date(2011, 5, 1), random)
    dust_m = 30 * 1e-4 * season.ground.sea.sum()
    assert before_m - dust_m <= state.volume_m.sum() <= before_m * (1 + 1e-9)
    assert state.concentration.max() <= 1


def test_without_drift_ice_changes_only_with_weather(specification: IceSpecification, season: Season) -> None:
    still = specification.model_copy(update={"drift": Drift(mixing=0), "leads": Leads(opening=0)})
    nowhere = np.zeros_like(season.drift_m[:, 0])
    state = season.states[0]
    after = next_state(still, season.ground, state, nowhere, date(2011, 7, 15), generator(1, "leads"))
    cold = coldness(still, date(2011, 7, 15))
    warm_rows = cold < 0
    assert np.all(after.volume_m[warm_rows] <= state.volume_m[warm_rows])
    assert np.all(after.volume_m[~warm_rows] >= state.volume_m[~warm_rows])


def test_midwinter_is_cold_and_the_north_is_colder(specification: IceSpecification) -> None:
    plain = specification.model_copy(update={"heat": Heat(northward=0.4, mean=-0.5)})
    winter, summer = coldness(plain, date(2011, 1, 15)), coldness(plain, date(2011, 7, 16))
    assert winter[[0, -1]] == pytest.approx([0.7, 0.3])
    assert summer[[0, -1]] == pytest.approx([-1, -1])
    assert np.all(np.diff(winter) < 0)


def test_seasons_are_the_same_days_of_consecutive_years() -> None:
    seasons = IceSeasons(first_day=date(2011, 4, 1), n_days=100, n_seasons=3, n_spin_up_days=0)
    assert first_days(seasons) == (date(2011, 4, 1), date(2012, 4, 1), date(2013, 4, 1))
    assert [season_with(seasons, day) for day in (date(2011, 4, 1), date(2012, 7, 9), date(2013, 5, 1))] == [0, 1, 2]
    with pytest.raises(ConfigError, match="no season"):
        season_with(seasons, date(2011, 7, 10))


def test_a_day_that_not_every_year_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="every year"):
        IceSeasons(first_day=date(2012, 2, 29), n_days=10, n_seasons=2, n_spin_up_days=0)
