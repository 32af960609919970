import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.derive.terrain import (
    LAYERS,
    halo_px,
    horn_gradient,
    pixel_centres,
    slope_deg,
    terrain_layers,
    topographic_position,
    true_north_components,
)
from entropice.errors import FeatureError
from entropice.zonal.bounds import Bounds

TO_LON_LAT = Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True)


def plane(east: float, north: float, n: int = 5, pixel_m: float = 10.0) -> np.ndarray:
    """Heights that rise by `east` and `north` metres per metre; row 0 is the north."""
    rows, columns = np.mgrid[0:n, 0:n]
    return (100 + pixel_m * (east * columns - north * rows)).astype(np.float32)


@given(east=st.floats(-2, 2), north=st.floats(-2, 2))
def test_the_gradient_of_a_plane_is_the_planes(east, north):
    dz_dx, dz_dy = horn_gradient(plane(east, north), 10.0)

    np.testing.assert_allclose(dz_dx[1:-1, 1:-1], east, atol=1e-5)
    np.testing.assert_allclose(dz_dy[1:-1, 1:-1], north, atol=1e-5)
    expected_deg = np.degrees(np.arctan(np.hypot(east, north)))
    np.testing.assert_allclose(slope_deg(dz_dx, dz_dy)[1:-1, 1:-1], expected_deg, atol=1e-3)


def test_hand_worked_horn_slope():
    # ((3+2·6+9) − (1+2·4+7)) / 8 = 1 eastwards, ((1+2·2+3) − (7+2·8+9)) / 8 = −3 northwards, at 1 m pixels
    dz_dx, dz_dy = horn_gradient(np.arange(1, 10, dtype=np.float32).reshape(3, 3), 1.0)

    assert (dz_dx[1, 1], dz_dy[1, 1]) == (1.0, -3.0)
    assert slope_deg(dz_dx, dz_dy)[1, 1] == pytest.approx(72.4516, abs=1e-4)


@pytest.mark.parametrize("hole", [(1, 1), (2, 2), (3, 3)])
def test_a_gradient_near_an_unknown_pixel_is_unknown(hole):
    heights = plane(0.1, 0.2, n=7)
    heights[hole] = np.nan

    unknown = np.isnan(horn_gradient(heights, 10.0)[0])

    rows, columns = np.mgrid[0:7, 0:7]
    touches = (np.abs(rows - hole[0]) <= 1) & (np.abs(columns - hole[1]) <= 1)
    on_rim = (rows % 6 == 0) | (columns % 6 == 0)
    np.testing.assert_array_equal(unknown, touches | on_rim)


@pytest.mark.parametrize(
    ("x_m", "y_m"), [(2e6, 0.0), (0.0, 2e6), (-1.5e6, 3e5), (-2e6, -1e6), (1e6, -2e6), (30.0, 40.0)]
)
@pytest.mark.parametrize("true_azimuth_deg", [0.0, 45.0, 90.0, 200.0, 315.0])
def test_a_slope_that_falls_towards_a_true_azimuth_says_so(x_m, y_m, true_azimuth_deg):
    # the grid direction of a true azimuth, from pyproj alone: geographic steps north and east
    lon, lat = TO_LON_LAT.transform(x_m, y_m)
    back = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform
    step = 1e-6
    north = np.array(back(lon, lat + step)) - np.array([x_m, y_m])
    north /= np.hypot(*north)
    east = np.array([north[1], -north[0]])
    azimuth = np.radians(true_azimuth_deg)
    downslope = np.cos(azimuth) * north + np.sin(azimuth) * east
    gradient = [np.full((1, 1), -0.3 * component, dtype=np.float32) for component in downslope]

    northness, eastness = true_north_components(*gradient, np.array([[x_m]]), np.array([[y_m]]))

    assert northness.item() == pytest.approx(np.cos(azimuth), abs=1e-4)
    assert eastness.item() == pytest.approx(np.sin(azimuth), abs=1e-4)


@given(
    azimuth_deg=st.floats(0, 360),
    x_m=st.floats(-3e6, 3e6).filter(lambda value: abs(value) > 1),
    y_m=st.floats(-3e6, 3e6),
)
def test_true_azimuth_is_grid_azimuth_plus_longitude_plus_45(azimuth_deg, x_m, y_m):
    azimuth = np.radians(azimuth_deg)
    gradient = (np.full((1, 1), -np.sin(azimuth), np.float32), np.full((1, 1), -np.cos(azimuth), np.float32))
    lon_deg, _ = TO_LON_LAT.transform(x_m, y_m)

    northness, eastness = true_north_components(*gradient, np.array([[x_m]]), np.array([[y_m]]))

    expected = np.radians(azimuth_deg + lon_deg + 45)
    assert northness.item() == pytest.approx(np.cos(expected), abs=1e-5)
    assert eastness.item() == pytest.approx(np.sin(expected), abs=1e-5)


def test_flat_ground_faces_nowhere_unknown_ground_is_unknown_and_the_pole_has_no_north():
    dz_dx = np.array([[0.0, np.nan, 0.1]], dtype=np.float32)
    dz_dy = np.zeros((1, 3), dtype=np.float32)

    northness, eastness = true_north_components(dz_dx, dz_dy, np.array([[1e6, 1e6, 0.0]]), np.array([[0.0]]))

    np.testing.assert_array_equal(northness, [[0, np.nan, np.nan]])
    np.testing.assert_array_equal(eastness, [[0, np.nan, np.nan]])


def plain_position(heights: np.ndarray, pixel_m: float, radius_m: float) -> np.ndarray:
    rows, columns = np.indices(heights.shape)
    result = np.full(heights.shape, np.nan)
    for row, column in np.argwhere(np.isfinite(heights)):
        distance_m = np.hypot(rows - row, columns - column) * pixel_m
        others = heights[(distance_m <= radius_m) & (distance_m > 0)]
        if np.isfinite(others).any():
            result[row, column] = heights[row, column] - np.nanmean(others)
    return result


@given(seed=st.integers(0, 2**32 - 1), radius_m=st.sampled_from([10.0, 14.2, 20.0, 35.0]), share=st.floats(0, 0.95))
def test_position_is_height_above_the_mean_of_the_known_disc(seed, radius_m, share):
    random = np.random.default_rng(seed)
    heights = (1000 * random.random((9, 11))).astype(np.float32)
    heights[random.random(heights.shape) < share] = np.nan

    position = topographic_position(heights, 10.0, radius_m)

    np.testing.assert_allclose(position, plain_position(heights, 10.0, radius_m), atol=1e-3)


def test_layers_are_the_same_wherever_the_window_is_cut():
    pixel_m, radius_m = 500.0, 1600.0
    margin = halo_px(pixel_m, radius_m)
    heights = (500 * np.random.default_rng(1).random((40, 50))).astype(np.float32)
    heights[7, 9] = np.nan
    whole_bounds = Bounds(1e6, 5e5, 1e6 + 50 * pixel_m, 5e5 + 40 * pixel_m)
    whole = terrain_layers(heights, whole_bounds, pixel_m, radius_m)

    top, left = 4, 11  # of the part with its halo, 20 × 25 pixels
    part_left_m, part_top_m = 1e6 + left * pixel_m, whole_bounds.top_m - top * pixel_m
    part_bounds = Bounds(part_left_m, part_top_m - 20 * pixel_m, part_left_m + 25 * pixel_m, part_top_m)
    part = terrain_layers(heights[top : top + 20, left : left + 25], part_bounds, pixel_m, radius_m)

    for name, cut, full in zip(LAYERS, part, whole, strict=True):
        expected = full[top : top + 20 - 2 * margin, left : left + 25 - 2 * margin]
        np.testing.assert_allclose(cut, expected, atol=1e-4, err_msg=name)


def test_a_radius_below_one_pixel_is_refused():
    with pytest.raises(FeatureError) as caught:
        halo_px(500.0, 499.0)

    assert caught.value.field == "features.tpi_radius_m"


def test_pixel_centres_lie_half_a_pixel_inside():
    x_m, y_m = pixel_centres(Bounds(0.0, 0.0, 20.0, 30.0), 10.0)

    np.testing.assert_array_equal(x_m, [[5, 15]])
    np.testing.assert_array_equal(y_m, [[25], [15], [5]])
