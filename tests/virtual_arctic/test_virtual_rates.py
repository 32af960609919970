from dataclasses import fields, replace

import numpy as np
import pytest

from entropice.virtual_arctic.rates import Drivers, known_log_rate, relative_log_rate
from entropice.virtual_arctic.specification import Effects

EFFECTS = Effects(
    slope_hump=2.0,
    northness=1.0,
    summer_temperature=1.5,
    summer_anomaly=0.5,
    summer_precipitation=0.25,
    ground_ice=0.75,
)
NEUTRAL = {field.name: 0.0 for field in fields(Drivers)} | {"slope_deg": 5.0, "summer_temperature_c": 5.0}


def drivers(**changes):
    return Drivers(**{name: np.float32([value]) for name, value in (NEUTRAL | changes).items()})


@pytest.mark.parametrize(
    ("changes", "log_rate"),
    [
        pytest.param({}, 2.0, id="best slope"),
        pytest.param({"slope_deg": 0.0}, 0.0, id="flat ground"),
        pytest.param({"northness": 1.0}, 2.5, id="facing north"),
        pytest.param({"northness": -1.0, "slope_deg": 0.0}, 0.0, id="aspect of flat ground is nothing"),
        pytest.param({"summer_temperature_c": 100.0}, 3.5, id="warmth saturates"),
        pytest.param({"summer_temperature_c": -100.0}, 0.5, id="cold saturates"),
        pytest.param({"summer_anomaly_k": 100.0}, 2.5, id="warming saturates"),
        pytest.param({"summer_wetness": 2.0}, 2.5, id="rain"),
        pytest.param({"ground_ice": -2.0}, 0.5, id="ice"),
    ],
)
def test_log_rate_by_hand(changes, log_rate):
    assert relative_log_rate(drivers(**changes), EFFECTS)[0] == pytest.approx(log_rate, abs=1e-5)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_best_slope_is_best(factor):
    best = relative_log_rate(drivers(), EFFECTS)
    assert relative_log_rate(replace(drivers(), slope_deg=np.float32([5 * factor])), EFFECTS) < best


def test_rates_sum_to_the_wanted_number(terrain, world):
    log_rate = known_log_rate(terrain, world)
    expected = np.nansum(np.exp(log_rate.astype(np.float64))) * np.exp(world.slumps.unseen_variance / 2)
    assert expected == pytest.approx(world.slumps.expected_slump_years, rel=1e-4)
    assert (np.isnan(log_rate) == ~terrain["land"].to_numpy()).all()
    assert log_rate.shape == (2, 640, 640)
