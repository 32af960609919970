import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import BSpline

from entropice.imagery.samples import Place
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import b_spline, catmull_rom, interpolated, noise, smooth_step, streaks
from entropice.virtual_scenes.pixel_grid import pixel_grid

KEY = stream(3, "noise")
GRID = pixel_grid(Place(-60_000.0, 40_000.0, 10.0, 1024, 2022), 0)


@given(share=st.floats(0, 1, exclude_max=True, width=32))
@pytest.mark.parametrize("kernel", [b_spline, catmull_rom])
def test_weights_sum_to_one(kernel, share):
    assert sum(float(weight[0]) for weight in kernel(np.array([share], dtype=np.float32))) == pytest.approx(1, abs=1e-6)


def test_b_spline_is_scipys():
    shares = np.linspace(0, 0.99, 12, dtype=np.float32)
    basis = BSpline.basis_element([-2, -1, 0, 1, 2])
    for tap, weight in enumerate(b_spline(shares)):
        np.testing.assert_allclose(weight, basis(shares - (tap - 1)), atol=1e-6)


def test_catmull_rom_passes_through_points_and_keeps_straight_lines():
    def line(rows, columns):
        return (2 * rows[:, None] - 3 * columns[None, :]).astype(np.float32)

    rows, columns = np.array([5.0, 4.25, 3.5]), np.array([-2.0, -1.7, 0.3, 1.0])
    field = interpolated(line, rows, columns, catmull_rom)
    np.testing.assert_allclose(field, 2 * rows[:, None] - 3 * columns[None, :], atol=1e-5)


def test_noise_is_standard_and_smooth():
    field = noise(GRID, KEY, 40.0)
    assert field.dtype == np.float32
    assert abs(field.mean()) < 0.03
    assert field.std() == pytest.approx(1, abs=0.03)
    assert np.abs(np.diff(noise(GRID, KEY, 400.0), axis=0)).max() < 0.15


def test_what_is_finer_than_pixels_is_not_there():
    assert (noise(GRID, KEY, 9.0) == 0).all()


def test_streaks_stay_in_bounds_and_agree_at_lattice_points():
    random = np.random.default_rng(0)
    along, across = random.uniform(-9, 9, size=(2, 500)).astype(np.float32)
    assert np.abs(streaks(along, across, KEY)).max() <= 1
    whole = np.arange(-4, 5, dtype=np.float32)
    below = np.nextafter(whole, np.float32(-99))
    np.testing.assert_allclose(streaks(whole, whole, KEY), streaks(below, below, KEY), atol=1e-5)


def test_smooth_step_by_hand():
    values = np.array([-1, 0, 0.5, 1, 2], dtype=np.float32)
    np.testing.assert_allclose(smooth_step(values, 0, 1), [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(smooth_step(values, 1, 0), [1, 1, 0.5, 0, 0])
