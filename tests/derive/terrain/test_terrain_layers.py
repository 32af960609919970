import math

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.derive.terrain.layers import (
    curvatures,
    dissection,
    extremes,
    halo_px,
    hillshade,
    horn_gradient,
    layer_names,
    pixel_centres,
    ruggedness,
    slope_deg,
    terrain_layers,
    topographic_positions,
    true_north_components,
    vector_ruggedness,
    zevenbergen_gradient,
)
from entropice.errors import FeatureError
from entropice.raster.bounds import Bounds

TO_LON_LAT = Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True)
PIXEL_M, RADII_M = 500.0, (500.0, 1_600.0, 2_000.0)
SEEDS = st.integers(0, 2**32 - 1)


def plane(east: float, north: float, n: int = 5, pixel_m: float = 10.0) -> np.ndarray:
    """Heights that rise by `east` and `north` metres per metre; row 0 is the north."""
    rows, columns = np.mgrid[0:n, 0:n]
    return (100 + pixel_m * (east * columns - north * rows)).astype(np.float32)


def rough(seed: int, shape: tuple[int, int], unknown_share: float = 0.0) -> np.ndarray:
    """Random heights of 0 to 1000 m, some of them unknown."""
    random = np.random.default_rng(seed)
    heights = (1000 * random.random(shape)).astype(np.float32)
    heights[random.random(shape) < unknown_share] = np.nan
    return heights


@pytest.mark.parametrize("gradient", [horn_gradient, zevenbergen_gradient])
@given(east=st.floats(-2, 2), north=st.floats(-2, 2))
def test_the_gradient_of_a_plane_is_the_planes(gradient, east, north):
    dz_dx, dz_dy = gradient(plane(east, north), 10.0)

    np.testing.assert_allclose(dz_dx, np.full((3, 3), east), atol=1e-5)
    np.testing.assert_allclose(dz_dy, np.full((3, 3), north), atol=1e-5)
    expected_deg = np.degrees(np.arctan(np.hypot(east, north)))
    np.testing.assert_allclose(slope_deg(dz_dx, dz_dy), np.full((3, 3), expected_deg), atol=1e-3)


def test_hand_worked_horn_slope():
    # ((3+2·6+9) − (1+2·4+7)) / 8 = 1 eastwards, ((1+2·2+3) − (7+2·8+9)) / 8 = −3 northwards, at 1 m pixels
    dz_dx, dz_dy = horn_gradient(np.arange(1, 10, dtype=np.float32).reshape(3, 3), 1.0)

    assert (dz_dx.item(), dz_dy.item()) == (1.0, -3.0)
    assert slope_deg(dz_dx, dz_dy).item() == pytest.approx(72.4516, abs=1e-4)


@pytest.mark.parametrize("hole", [(1, 1), (3, 3), (0, 5)])
@pytest.mark.parametrize(
    "layer",
    [
        lambda heights: horn_gradient(heights, 10.0)[0],
        lambda heights: curvatures(heights, 10.0)[0],
        lambda heights: curvatures(heights, 10.0)[1],
        ruggedness,
    ],
    ids=["gradient", "profile curvature", "tangential curvature", "ruggedness"],
)
def test_next_to_an_unknown_pixel_all_is_unknown(layer, hole):
    heights = rough(1, (7, 7))
    heights[hole] = np.nan

    unknown = np.isnan(layer(heights))

    rows, columns = np.mgrid[1:6, 1:6]
    np.testing.assert_array_equal(unknown, (np.abs(rows - hole[0]) <= 1) & (np.abs(columns - hole[1]) <= 1))


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


@pytest.mark.parametrize(
    ("steepness", "northness", "eastness", "expected"),
    [
        (0.0, 0.0, 0.0, math.sin(math.radians(25))),  # level ground
        (1.0, 0.0, 1.0, math.cos(math.radians(20))),  # 45° steep, facing a sun in the east that stands 25° high
        (1.0, 0.0, -1.0, 0.0),  # facing away: in its own shadow
        (1.0, 1.0, 0.0, math.sin(math.radians(25)) / math.sqrt(2)),  # facing across
    ],
)
def test_hand_worked_hillshade(steepness, northness, eastness, expected):
    one = np.ones((1, 1), dtype=np.float32)

    shade = hillshade(one * steepness, one * 0, one * northness, one * eastness, azimuth_deg=90.0, altitude_deg=25.0)

    assert shade.item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_curvatures_of_a_sphere_are_one_over_its_radius(sign):
    # on the flank of a ball every normal section has the same curvature: that of a great circle
    radius_m, pixel_m = 2_000.0, 1.0
    x_m, y_m = np.meshgrid(300 + np.arange(-1.0, 2), 400 + np.arange(1.0, -2, -1))
    heights = sign * np.sqrt(radius_m**2 - x_m**2 - y_m**2)

    profile, tangential = curvatures(heights, pixel_m)

    assert profile.item() == pytest.approx(sign / radius_m, rel=1e-4)
    assert tangential.item() == pytest.approx(sign / radius_m, rel=1e-4)


def test_a_cylinder_bends_along_its_slope_and_a_cone_along_its_contours():
    columns = np.arange(-1.0, 2) + 10
    cylinder = np.tile(np.sqrt(100.0**2 - columns**2), (3, 1))
    x_m, y_m = np.meshgrid(columns, np.arange(1.0, -2, -1))
    cone = -np.hypot(x_m, y_m)

    assert curvatures(cylinder, 1.0)[0].item() == pytest.approx(0.01, rel=1e-2)
    assert curvatures(cylinder, 1.0)[1].item() == pytest.approx(0, abs=1e-9)
    assert curvatures(cone, 1.0)[0].item() == pytest.approx(0, abs=1e-4)
    # 45° steep at 10 m from the axis: the contour's 1/10 seen along the normal
    assert curvatures(cone, 1.0)[1].item() == pytest.approx(0.1 / math.sqrt(2), rel=1e-2)


@given(east=st.floats(-2, 2), north=st.floats(-2, 2))
def test_planes_have_no_curvature_and_no_vector_ruggedness(east, north):
    for curvature in curvatures(plane(east, north), 10.0):
        np.testing.assert_allclose(curvature, 0, atol=1e-5)
    np.testing.assert_allclose(vector_ruggedness(plane(east, north), 10.0), 0, atol=1e-6)


def test_hand_worked_ruggedness_far_above_the_sea():
    heights = 5_000 + np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], dtype=np.float32)

    # 2·(4² + 3² + 2² + 1²)
    assert ruggedness(heights).item() == pytest.approx(math.sqrt(60), abs=1e-6)


def test_vector_ruggedness_is_one_minus_the_length_of_the_mean_normal():
    heights = rough(5, (5, 5)) / 100
    dz_dx, dz_dy = horn_gradient(heights.astype(np.float64), 10.0)
    normals = np.stack([-dz_dx, -dz_dy, np.ones((3, 3))])
    normals /= np.linalg.norm(normals, axis=0)

    expected = 1 - np.linalg.norm(normals.sum(axis=(1, 2))) / 9

    assert vector_ruggedness(heights, 10.0).item() == pytest.approx(expected, abs=1e-7)


def neighbours(heights: np.ndarray, row: int, column: int, pixel_m: float, radius_m: float) -> np.ndarray:
    rows, columns = np.indices(heights.shape)
    distance_m = np.hypot(rows - row, columns - column) * pixel_m
    return heights[(distance_m <= radius_m) & (distance_m > 0)]


@given(seed=SEEDS, share=st.floats(0, 0.95))
def test_position_is_height_above_the_mean_of_the_known_disc(seed, share):
    heights, radii_m = rough(seed, (11, 12), share), (10.0, 14.2, 20.0, 35.0)

    for radius_m, position in zip(radii_m, topographic_positions(heights, 10.0, radii_m), strict=True):
        assert position.shape == (5, 6)
        for row, column in np.ndindex(5, 6):
            others = neighbours(heights, row + 3, column + 3, 10.0, radius_m)
            known = others[np.isfinite(others)]
            mean_m = known.mean(dtype=np.float64) if len(known) else np.nan
            expected = heights[row + 3, column + 3] - mean_m
            np.testing.assert_allclose(position[row, column], expected, atol=1e-4)


@given(seed=SEEDS, half=st.integers(1, 4), share=st.floats(0, 0.95))
def test_extremes_are_those_of_the_known_square(seed, half, share):
    heights = rough(seed, (11, 12), share)

    lowest_m, highest_m = extremes(heights, half)

    assert lowest_m.shape == (11 - 2 * half, 12 - 2 * half)
    for row, column in np.ndindex(lowest_m.shape):
        square = heights[row : row + 2 * half + 1, column : column + 2 * half + 1]
        is_unknown = np.isnan(heights[row + half, column + half])
        expected = (np.nan, np.nan) if is_unknown else (np.nanmin(square), np.nanmax(square))
        np.testing.assert_array_equal((lowest_m[row, column], highest_m[row, column]), expected)


def test_dissection_is_the_place_between_lowest_and_highest_wherever_heights_begin():
    heights, lowest_m, highest_m = (
        np.float32([[3, -7, 5, np.nan]]),
        np.float32([[1, -9, 5, 0]]),
        np.float32([[5, -5, 5, 9]]),
    )

    np.testing.assert_array_equal(dissection(heights, lowest_m, highest_m), [[0.5, 0.5, 0.5, np.nan]])
    np.testing.assert_array_equal(dissection(lowest_m, lowest_m, highest_m), [[0, 0, 0.5, 0]])
    np.testing.assert_array_equal(dissection(highest_m, lowest_m, highest_m), [[1, 1, 0.5, 1]])


def layers_of(heights, top: int, left: int, pixel_m: float = PIXEL_M) -> dict:
    """Layers of a window whose first pixel stands at a row and column of the world."""
    n_rows, n_columns = heights.shape
    left_m, top_m = 1e6 + left * pixel_m, 5e5 - top * pixel_m
    bounds = Bounds(left_m, top_m - n_rows * pixel_m, left_m + n_columns * pixel_m, top_m)
    return dict(zip(layer_names(RADII_M), terrain_layers(heights, bounds, pixel_m, RADII_M), strict=True))


WORLD = rough(1, (48, 60), unknown_share=0.02)
WHOLE = layers_of(WORLD, 0, 0)
HALO = halo_px(PIXEL_M, RADII_M)


@given(
    top=st.integers(0, 48 - 2 * HALO - 1),
    left=st.integers(0, 60 - 2 * HALO - 1),
    n_rows=st.integers(1, 40),
    n_columns=st.integers(1, 52),
)
def test_layers_are_exactly_the_same_wherever_the_window_is_cut(top, left, n_rows, n_columns):
    window = WORLD[top : top + n_rows + 2 * HALO, left : left + n_columns + 2 * HALO]

    part = layers_of(window, top, left)

    for name, whole in WHOLE.items():
        np.testing.assert_array_equal(part[name], whole[top : top + n_rows, left : left + n_columns], name)


@pytest.mark.parametrize("namespace", [torch, array_api_strict], ids=["torch", "array_api_strict"])
@pytest.mark.parametrize("share", [0.0, 0.05])
def test_layers_are_the_same_in_every_array_library(namespace, share):
    heights = rough(2, (30, 26), share)

    ours, others = layers_of(heights, 0, 0), layers_of(namespace.asarray(heights), 0, 0)

    for name, layer in ours.items():
        assert layer.dtype == np.float32
        assert others[name].dtype == namespace.float32
        np.testing.assert_allclose(np.asarray(others[name]), layer, rtol=1e-5, atol=1e-6, err_msg=name)


def test_windows_are_the_same_integers_in_every_array_library():
    heights = rough(3, (40, 40), 0.3)

    ours, others = layers_of(heights, 0, 0), layers_of(torch.asarray(heights), 0, 0)

    for name in (name for name in ours if name.startswith(("position", "roughness"))):
        np.testing.assert_array_equal(others[name].numpy(), ours[name], err_msg=name)


@pytest.mark.parametrize("radii_m", [(499.0,), (500.0, 0.1), (1_000.0, 1_010.0), (500.0, 500.0)])
def test_radii_that_reach_no_other_pixels_are_refused(radii_m):
    with pytest.raises(FeatureError) as caught:
        halo_px(500.0, radii_m)

    assert caught.value.field == "features.terrain.radii_m"


@pytest.mark.parametrize(("radii_m", "expected"), [((500.0,), 2), ((500.0, 1_999.0), 3), ((2_000.0, 500.0), 4)])
def test_the_halo_holds_the_largest_radius_and_five_by_five_pixels(radii_m, expected):
    assert halo_px(500.0, radii_m) == expected


def test_pixel_centres_lie_half_a_pixel_inside():
    x_m, y_m = pixel_centres(Bounds(0.0, 0.0, 20.0, 30.0), 10.0)

    np.testing.assert_array_equal(x_m, [[5, 15]])
    np.testing.assert_array_equal(y_m, [[25], [15], [5]])
