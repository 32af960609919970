"""Errors of areas: what follows from few audited objects by hand, and that intervals cover whatever the law."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from entropice.errors import LabelError
from entropice.imagery.inventory.area_errors import AreaErrors, FoundAreas, fit_area_errors

NEVER_TWICE = np.empty((0, 2), dtype=np.int64)


def found(n_expected, n_in_doubt, pixel_m2=100.0):
    n_expected = np.asarray(n_expected, dtype=np.float64)
    return FoundAreas(np.full(len(n_expected), pixel_m2), n_expected, np.asarray(n_in_doubt, dtype=np.float64))


def test_areas_that_are_all_too_small_are_scaled_and_have_the_least_spread():
    fitted = fit_area_errors(found([10, 20, 30, 40, 50], [0] * 5), np.array([1, 2, 3, 4, 5]) * 1500.0, NEVER_TWICE)
    assert fitted.scale == pytest.approx(1.5)
    areas = fitted.areas(found([100.0], [0.0]))
    assert_allclose(areas.area_m2, 15_000)
    assert areas.low_m2 == areas.high_m2 == pytest.approx(15_000)


def test_a_share_of_every_area_that_is_wrong_by_hand():
    """Ratios e^±.2, four times each: E |r| = .2 by least squares, quantiles of r / σ are ±1."""
    factors = np.exp(np.array([0.2, -0.2] * 4))
    n_expected = np.array([10.0, 10, 40, 40, 90, 90, 160, 160])
    fitted = fit_area_errors(found(n_expected, [0] * 8), n_expected * 100 * factors, NEVER_TWICE)
    assert fitted.scale == pytest.approx(np.cosh(0.2))
    centred = np.log(factors / np.cosh(0.2))
    assert fitted.doubt == pytest.approx((np.abs(centred).mean(), 0, 0))
    areas = fitted.areas(found([50.0], [0.0]))
    assert_allclose([areas.low_m2[0], areas.high_m2[0]], 5000 * np.exp([-0.2, 0.2]))


def test_intervals_cover_further_objects_under_laws_that_are_not_the_models():
    """Heavy tails, spreads that grow with doubt, and a bias: 30 audited objects, coverage near 90 % on average."""
    random, covered = np.random.default_rng(4), []
    for _ in range(60):
        n_expected = np.exp(random.uniform(3, 8, size=230))
        n_in_doubt = n_expected**0.5 * random.uniform(0.5, 3, size=230)
        spread = 0.03 + n_in_doubt / n_expected
        true_m2 = n_expected * 110 * np.exp(spread * random.standard_t(3, size=230))
        known, further = slice(0, 30), slice(30, None)
        fitted = fit_area_errors(found(n_expected[known], n_in_doubt[known]), true_m2[known], NEVER_TWICE)
        areas = fitted.areas(found(n_expected[further], n_in_doubt[further]))
        covered.append(((areas.low_m2 <= true_m2[further]) & (true_m2[further] <= areas.high_m2)).mean())
    assert 0.87 < np.mean(covered) < 0.95


def test_years_that_err_alike_are_known_to():
    random = np.random.default_rng(5)
    lasting = random.normal(size=400)
    errors = np.concatenate([lasting + random.normal(size=400), lasting + random.normal(size=400)]) * 0.1
    same = np.column_stack([np.arange(400), np.arange(400) + 400])
    areas = found(np.full(800, 50.0), np.zeros(800))
    assert fit_area_errors(areas, 5000 * np.exp(errors), same).between_years == pytest.approx(0.5, abs=0.1)
    assert fit_area_errors(areas, 5000 * np.exp(errors), same[:4]).between_years == 0


def test_errors_survive_json():
    fitted = AreaErrors(1.1, (0.1, 0.2, 0.3), -2.0, 1.5, 1.2, 0.4, 33)
    assert AreaErrors.from_json(fitted.to_json()) == fitted


def test_too_few_audited_objects_are_refused():
    with pytest.raises(LabelError, match="Too few") as caught:
        fit_area_errors(found([10] * 2, [1] * 2), np.full(2, 1000.0), NEVER_TWICE)
    assert caught.value.got == "2 objects"
