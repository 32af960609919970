import numpy as np
import pytest

from entropice.virtual_ice.drift import SECONDS_PER_DAY, eddy_drift_m, known_drift_m
from entropice.virtual_ice.geography import Geography, geography
from entropice.virtual_ice.random_fields import gaussian_fields, generator
from entropice.virtual_ice.specification import Drift, IceSpecification
from entropice.virtual_ice.wind import winds_m_s

N = 64
OPEN_SEA = Geography(np.ones((N, N), dtype=bool), np.ones((N, N)))


def test_far_from_coasts_ice_goes_with_a_share_of_the_wind_to_its_right(specification: IceSpecification) -> None:
    without_gyre = specification.model_copy(update={"drift": Drift(gyre_m_s=0, wind_share=0.03, turning_deg=30)})
    pressure = np.repeat(np.arange(N, dtype=float)[:, None], N, axis=1)
    east, _ = winds_m_s(specification.wind, specification.region, pressure)
    drift_m = known_drift_m(without_gyre, OPEN_SEA, pressure)
    speed_m = 0.03 * east * SECONDS_PER_DAY
    assert drift_m[0] == pytest.approx(speed_m * np.cos(np.radians(30)))
    assert drift_m[1] == pytest.approx(-speed_m * np.sin(np.radians(30)))


def test_the_gyre_is_clockwise_and_has_the_speed_that_is_stated(specification: IceSpecification) -> None:
    calm = specification.model_copy(update={"drift": Drift(gyre_m_s=0.05, wind_share=0)})
    east_m, north_m = known_drift_m(calm, OPEN_SEA, np.zeros((N, N)))
    assert np.sqrt(np.mean(east_m**2 + north_m**2)) == pytest.approx(0.05 * SECONDS_PER_DAY)
    assert east_m[N // 4, N // 2] > 0
    assert east_m[3 * N // 4, N // 2] < 0
    assert north_m[N // 2, N // 4] > 0


def test_coasts_hold_the_ice(specification: IceSpecification) -> None:
    ground = geography(specification.region, 60_000, 1)
    swirls = gaussian_fields(generator(1, "swirls"), 3, N, 4.0)
    metres = known_drift_m(specification, ground, swirls) + eddy_drift_m(specification, ground, swirls)
    inland = ~(ground.sea | np.roll(ground.sea, 1, 0) | np.roll(ground.sea, -1, 0))
    inland &= ~(np.roll(ground.sea, 1, 1) | np.roll(ground.sea, -1, 1))
    assert inland.any()
    assert not metres[..., inland].any()


def test_currents_do_not_diverge(specification: IceSpecification) -> None:
    ground = geography(specification.region, 60_000, 1)
    flow = eddy_drift_m(specification, ground, gaussian_fields(generator(1, "swirls"), 1, N, 4.0)[0])
    spreading = np.gradient(flow[0], axis=1) - np.gradient(flow[1], axis=0)
    assert np.abs(spreading[2:-2, 2:-2]).max() < 1e-6
