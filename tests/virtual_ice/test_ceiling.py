"""The law as it was fixed before anything was trained on it: what forecasts err by, and that none can do better."""

from datetime import date, timedelta

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.virtual_ice.ceiling import forecast_in, known_drift_forecast
from entropice.virtual_ice.fields import fields_of
from entropice.virtual_ice.seasons import Season, season_of
from entropice.virtual_ice.specification import Drift, IceSeasons, IceSpecification, Leads

SEED = 5


@pytest.fixture(scope="module")
def whole(specification: IceSpecification) -> IceSpecification:
    seasons = IceSeasons(first_day=date(2011, 4, 1), n_days=120, n_seasons=1, n_spin_up_days=30)
    return specification.model_copy(update={"seasons": seasons})


def test_forecasts_err_by_what_the_law_was_fixed_at(whole: IceSpecification) -> None:
    of_persistence, of_limit = [], []
    for seed in (1, 3):
        season = season_of(whole, seed, 0)
        observed = fields_of(whole, seed)["ice_concentration"].to_numpy()
        for start in range(8, 113, 35):
            truth = observed[start + 1 : start + 4]
            limit = forecast_in(season, whole, season.first_day + timedelta(days=start + 1), 3, 4)
            of_limit.append(np.nanmean((limit - truth) ** 2, axis=(1, 2)))
            of_persistence.append(np.nanmean((observed[start] - truth) ** 2, axis=(1, 2)))
    low, high = np.array([0.0030, 0.0065, 0.0095]), np.array([0.0058, 0.0117, 0.0170])
    assert np.all((low < np.mean(of_persistence, axis=0)) & (np.mean(of_persistence, axis=0) < high))
    low, high = np.array([0.0003, 0.0009, 0.0015]), np.array([0.0009, 0.0021, 0.0036])
    assert np.all((low < np.mean(of_limit, axis=0)) & (np.mean(of_limit, axis=0) < high))


def test_without_chance_the_limit_is_the_truth(specification: IceSpecification) -> None:
    certain = specification.model_copy(update={"drift": Drift(eddy_m_s=0), "leads": Leads(opening=0)})
    season = season_of(certain, SEED, 0)
    foreseen = known_drift_forecast(certain, SEED, date(2011, 5, 1), 5, 1)
    first = (date(2011, 5, 1) - season.first_day).days
    truth = np.stack([state.concentration for state in season.states[first : first + 5]])
    assert foreseen.dtype == np.float32
    assert np.array_equal(np.isnan(foreseen[0]), ~season.ground.sea)
    assert foreseen[:, season.ground.sea] == pytest.approx(truth[:, season.ground.sea], abs=1e-6)


def test_more_members_err_less(specification: IceSpecification, season: Season) -> None:
    first = season.first_day + timedelta(days=10)
    truth = np.stack([state.concentration for state in season.states[10:17]])
    one, many = (forecast_in(season, specification, first, 7, n_members) for n_members in (1, 8))
    assert np.nanmean((many - truth) ** 2) < np.nanmean((one - truth) ** 2)


@pytest.mark.parametrize(("first", "n_days"), [(date(2011, 4, 20), 3), (date(2011, 5, 25), 6), (date(2011, 5, 1), 0)])
def test_a_forecast_stays_within_its_season(
    specification: IceSpecification, season: Season, first: date, n_days: int
) -> None:
    with pytest.raises(ConfigError, match="leaves the season"):
        forecast_in(season, specification, first, n_days)
