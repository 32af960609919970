"""Courses of the climate from a year on."""

import numpy as np
import pytest

from entropice.virtual_arctic.climate import build_climate, drawn_onwards, temperature_k
from entropice.virtual_arctic.climate_courses import climate_course, known_climate
from entropice.virtual_arctic.specification import WorldSpecification

LON, LAT, HEIGHT_M = np.array([10.0, -120.0, 170.0]), np.array([70.0, 75.0, 66.0]), np.zeros(3)


def test_what_is_known_is_the_climate_and_its_history(world: WorldSpecification) -> None:
    known, recent = known_climate(world), build_climate(world)
    n_recent = len(recent.months)

    assert (np.diff(known.months.astype(int)) == 1).all()
    np.testing.assert_allclose(
        temperature_k(known, LON, LAT, HEIGHT_M)[-n_recent:], temperature_k(recent, LON, LAT, HEIGHT_M)
    )


def test_years_remember_four_tenths_of_the_one_before(world: WorldSpecification) -> None:
    known = known_climate(world)
    year = world.climate.last_year - 1
    known.temperature_loadings_k.yearly[0, year - int(known.years[0])] = 1000.0
    months = np.arange(np.datetime64(f"{year}-10", "M"), np.datetime64(f"{year + 2}-10", "M"))
    loadings = drawn_onwards(np.random.default_rng(0), known, known.temperature_loadings_k, months, is_temperature=True)

    np.testing.assert_allclose(loadings.yearly[0], [1000, 400, 160], atol=2)
    assert loadings.of(months).shape == (8, 24)


def test_courses_differ_by_draw_and_warm(world: WorldSpecification) -> None:
    known, year = known_climate(world), world.climate.last_year - 1
    courses = [
        climate_course(known, year, 10, LON, LAT, HEIGHT_M, np.random.default_rng(draw))["t2m"] for draw in range(8)
    ]
    by_year = np.mean(courses, axis=0).reshape(10, 12, 3).mean(axis=(1, 2))

    assert not np.array_equal(courses[0], courses[1])
    np.testing.assert_allclose(by_year[-1] - by_year[0], 0.9, atol=0.6)


@pytest.mark.parametrize("name", ["tp", "sf", "sd"])
def test_water_is_in_millimetres(world: WorldSpecification, name: str) -> None:
    course = climate_course(
        known_climate(world), world.climate.last_year - 1, 1, LON, LAT, HEIGHT_M, np.random.default_rng(0)
    )

    assert 5 < float(course[name].max()) < 2000
    assert (course[name] >= 0).all()
