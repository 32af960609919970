"""Sensors, sun and clouds: what an image has of its strip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.imagery.samples import Place
from entropice.virtual_scenes.clouds import clouded
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.pixel_grid import pixel_grid
from entropice.virtual_scenes.sensors import SENSORS, Strip, measured, strips
from entropice.virtual_scenes.specification import Clouds, Sensors

CAMERAS = Sensors(strip_m=24000.0, gain_spread=0.05, offset_spread=0.012, noise=0.002)
CLOUDS = Clouds(cloudy_share=0.5, largest_share=0.6, shadow_m=700.0)
GREY = Strip(np.ones((5, 1, 1), np.float32), np.zeros((5, 1, 1), np.float32), 0.002, (0.0, -0.8, 0.6), 0.3)
GRID = pixel_grid(Place(-1_200_000.0, 900_000.0, 40.0, 512, 2022), 0)
GROUND = np.full((5, 512, 512), 0.1, dtype=np.float32)


def of(grid, year=2022, seed=1):
    return list(strips(grid, year, seed, CAMERAS, CLOUDS))


@given(left=st.integers(-9000, 9000), top=st.integers(-9000, 9000), n_pixels=st.integers(8, 300))
def test_every_pixel_lies_in_one_strip(left, top, n_pixels):
    grid = pixel_grid(Place(left * 10.0, top * 10.0, 10.0, n_pixels, 2022), 0)
    n_strips = np.zeros(grid.shape, dtype=int)
    for rows, columns, _ in of(grid):
        n_strips[rows, columns] += 1
    assert (n_strips == 1).all()


def test_a_strip_has_one_state_wherever_it_is_seen_from():
    one, other = (of(pixel_grid(Place(at, 24_100.0, 10.0, 8, 2022), 0))[0][2] for at in (24_000.0, 40_000.0))
    np.testing.assert_array_equal(one.gains, other.gains)
    assert (one.sun, one.cloud_share) == (other.sun, other.cloud_share)
    later = of(pixel_grid(Place(24_000.0, 24_100.0, 10.0, 8, 2022), 0), year=2023)[0][2]
    assert (one.gains != later.gains).any()


def test_only_sensors_that_fly_take_images():
    grids = [pixel_grid(Place(24_000.0 * column, 0.0, 10.0, 8, 2022), 0) for column in range(300)]
    classic = 0.90 / 1.06
    for year, has_classic in ((2021, True), (2023, False)):
        ratios = [float(strip.gains[4, 0, 0] / strip.gains[0, 0, 0]) for grid in grids for *_, strip in of(grid, year)]
        noises = {strip.noise for grid in grids for *_, strip in of(grid, year)}
        flying = {CAMERAS.noise * sensor.noise for sensor in SENSORS if sensor.first_year <= year <= sensor.last_year}
        assert noises == flying
        assert (np.mean(np.array(ratios) < classic) > 0.1) == has_classic


def test_the_sun_stands_in_the_south():
    for x_m, y_m in ((-1.4e6, 1.1e6), (1e5, -1.8e6)):
        for *_, strip in of(pixel_grid(Place(x_m, y_m, 10.0, 8, 2022), 0)):
            assert np.linalg.norm(strip.sun) == pytest.approx(1)
            assert 0.5 <= strip.sun[2] <= np.sin(np.radians(42)) + 1e-9
            outwards = np.dot(strip.sun[:2], (x_m, y_m)) / np.hypot(x_m, y_m) / np.hypot(*strip.sun[:2])
            assert outwards > np.cos(np.radians(37))


def test_noise_is_that_of_the_sensor():
    seen = measured(GROUND, GRID, GREY, stream(1, "noise"))
    assert seen.dtype == np.float32
    np.testing.assert_allclose(seen.std(axis=(1, 2)), 0.002, rtol=0.03)
    np.testing.assert_allclose(seen.mean(axis=(1, 2)), 0.1, atol=1e-4)
    assert abs(np.corrcoef(seen[0].ravel(), seen[1].ravel())[0, 1]) < 0.02


def test_clouds_hide_and_shadows_only_darken():
    seen, is_clear = clouded(GROUND, GRID, GREY, 700.0, stream(1, "clouds", 2022))
    assert 0.1 < (~is_clear).mean() < 0.5
    assert seen[:, ~is_clear].min() > 0.1
    darkened = is_clear & (seen[0] < 0.09)
    assert darkened.mean() > 0.03
    assert seen[0][is_clear].min() >= 0.1 * 0.45 - 1e-6


def test_a_shadow_lies_away_from_the_sun():
    """The sun of `GREY` stands to the south, so the shadow of a cloud falls 700 m, or 17.5 pixels, to its north."""
    seen, _ = clouded(GROUND, GRID, GREY, 700.0, stream(1, "clouds", 2022))
    cloud, shadow = np.maximum(seen[0] - 0.1, 0), np.maximum(0.1 - seen[0], 0)
    agreement = {shift: (np.roll(cloud, shift, axis=0) * shadow).sum() for shift in range(-30, 31, 2)}
    assert -26 <= max(agreement, key=agreement.get) <= -14


def test_without_clouds_all_is_seen():
    clear = Strip(GREY.gains, GREY.offsets, 0.0, GREY.sun, 0.0)
    seen, is_clear = clouded(GROUND, GRID, clear, 700.0, stream(1, "clouds", 2022))
    assert is_clear.all()
    np.testing.assert_array_equal(seen, GROUND)
