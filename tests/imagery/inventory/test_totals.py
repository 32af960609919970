"""Sums of areas: by hand, and that their intervals cover."""

import numpy as np
import pytest

from entropice.imagery.inventory.calibration import TotalFactor
from entropice.imagery.inventory.totals import total_area


def test_two_objects_by_hand():
    total = total_area(np.array([0.5, 1.0]), np.array([100.0, 200]), np.array([10.0, 20]), TotalFactor(1.1, 0.11))
    assert total.area_m2 == pytest.approx(1.1 * 250)
    of_each = 1.21 * (0.5 * (100 + 10_000) - 2500 + 400)
    assert total.sd_m2 == pytest.approx(np.sqrt(of_each + 27.5**2))
    assert total.low_m2 * total.high_m2 == pytest.approx(total.area_m2**2)


def test_nothing_found_is_nothing():
    total = total_area(np.empty(0), np.empty(0), np.empty(0), TotalFactor(1.1, 0.1))
    assert (total.area_m2, total.low_m2, total.high_m2, total.sd_m2) == (0, 0, 0, 0)


def test_intervals_cover_sums_of_objects_that_may_be_false():
    random, inside = np.random.default_rng(6), []
    p, areas = random.uniform(0.2, 1, 40), np.exp(random.uniform(8, 12, 40))
    for _ in range(2000):
        factor = 1.1 + 0.05 * random.normal()
        true = factor * ((random.uniform(size=40) < p) * areas * (1 + 0.2 * random.normal(size=40))).sum()
        total = total_area(p, areas, 0.2 * areas, TotalFactor(1.1, 0.05))
        inside.append(total.low_m2 <= true <= total.high_m2)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)
