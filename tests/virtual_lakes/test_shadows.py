import numpy as np
import pytest

from entropice.virtual_lakes.shadows import shadow_depth_m


def wall(height_m=100.0):
    elevation_m = np.zeros((41, 41), dtype=np.float32)
    elevation_m[20] = height_m
    return elevation_m


@pytest.mark.parametrize(("towards", "turned"), [((0.0, 1.0), 0), ((-1.0, 0.0), 1), ((0.0, -1.0), 2), ((1.0, 0.0), 3)])
def test_a_walls_shadow_is_as_long_as_its_height_over_the_rise(towards, turned):
    depth_m = np.rot90(shadow_depth_m(np.rot90(wall(), turned), towards, 1.0), -turned)
    expected = np.zeros(41)
    expected[21:30] = 100 - 10 * np.arange(1, 10)
    np.testing.assert_allclose(depth_m, np.tile(expected[:, None], 41), atol=1e-3)


def test_an_oblique_shadow_goes_aside():
    elevation_m = np.zeros((60, 60), dtype=np.float32)
    elevation_m[10:14, 10:14] = 200
    depth_m = shadow_depth_m(elevation_m, (-np.sqrt(0.5), np.sqrt(0.5)), 0.8)
    rows, columns = np.nonzero(depth_m > 5)
    assert abs(rows.mean() - columns.mean()) < 0.5
    assert rows.min() >= 11
    assert rows.mean() > 18
    reach_m = 10 * np.hypot(rows.max() - 13, columns.max() - 13)
    assert reach_m == pytest.approx(200 / 0.8, abs=40)


def test_flat_ground_has_no_shadow():
    assert (shadow_depth_m(np.full((8, 9), 5, dtype=np.float32), (0.6, 0.8), 0.1) == 0).all()
