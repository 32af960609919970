import numpy as np
import pytest

from entropice.virtual_ice.specification import IceSpecification, Wind
from entropice.virtual_ice.wind import pressures, remembering, winds_m_s


def test_memory_is_that_of_an_autoregressive_field() -> None:
    remembered = remembering(np.random.default_rng(1).standard_normal((30, 200, 200)), 3.0)
    assert remembered.var(axis=(1, 2)) == pytest.approx(1, abs=0.03)
    for lag in (1, 3, 6):
        assert np.mean(remembered[lag:] * remembered[:-lag]) == pytest.approx(np.exp(-lag / 3), abs=0.02)


def test_two_days_by_hand() -> None:
    first, second = remembering(np.array([[[2.0]], [[1.0]]]), 1 / np.log(2)).ravel()
    assert first == 2
    assert second == pytest.approx(0.5 * 2 + np.sqrt(0.75))


def test_wind_has_the_speed_that_is_stated_and_does_not_diverge(specification: IceSpecification) -> None:
    pressure = pressures(specification.wind, specification.region, 200, 1, 0)
    wind_m_s = winds_m_s(specification.wind, specification.region, pressure)
    assert wind_m_s.shape == (2, 200, 64, 64)
    assert np.sqrt(np.mean(np.sum(wind_m_s**2, axis=0))) == pytest.approx(specification.wind.speed_m_s, rel=0.1)
    spreading = np.gradient(wind_m_s[0], axis=2) - np.gradient(wind_m_s[1], axis=1)
    assert np.abs(spreading[:, 2:-2, 2:-2]).max() < 1e-9


def test_seasons_and_worlds_have_winds_of_their_own(specification: IceSpecification) -> None:
    region = specification.region
    first, again, season, world = (pressures(Wind(), region, 3, *names) for names in ((1, 0), (1, 0), (1, 1), (2, 0)))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, season)
    assert not np.array_equal(first, world)
