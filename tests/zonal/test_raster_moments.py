import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from entropice.zonal.bounds import Bounds
from entropice.zonal.raster_moments import Moments, cell_moments

RASTER = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.0], [7.0, 8.0, 9.0]], dtype=np.float32)
BOUNDS = Bounds(0.0, 0.0, 3.0, 3.0)


def moments_of(polygons, layers=(RASTER,), bounds=BOUNDS) -> Moments:
    return cell_moments(list(layers), bounds, np.array(polygons, dtype=object))


def weights_by_clipping(polygon, bounds: Bounds) -> np.ndarray:
    """Covered fraction of every unit pixel, by plain polygon clipping."""
    n_rows, n_columns = bounds.shape(1.0)
    return np.array(
        [
            [
                shapely.area(
                    shapely.intersection(
                        polygon,
                        shapely.box(
                            bounds.left_m + column,
                            bounds.top_m - row - 1,
                            bounds.left_m + column + 1,
                            bounds.top_m - row,
                        ),
                    )
                )
                for column in range(n_columns)
            ]
            for row in range(n_rows)
        ]
    )


def test_hand_worked_quarter_pixels_weigh_a_quarter():
    # The unit square around the corner shared by 2, 3, NaN and 6: each of the three known pixels weighs 1/4.
    moments = moments_of([shapely.box(1.5, 1.5, 2.5, 2.5)])

    assert moments.count.item() == pytest.approx(0.75)
    assert moments.means.item() == pytest.approx((2 + 3 + 6) / 3)
    assert moments.standard_deviations.item() == pytest.approx(np.std([2, 3, 6]))


def test_first_row_is_the_top():
    assert moments_of([shapely.box(0, 2, 3, 3)]).means.item() == pytest.approx(2.0)


def test_layers_keep_their_columns_and_polygons_their_rows():
    polygons = [shapely.box(2, 0, 3, 1), shapely.box(0, 2, 1, 3), shapely.box(0, 0, 1, 1)]

    means = moments_of(polygons, layers=(RASTER, 10 * RASTER)).means

    np.testing.assert_allclose(means, [[9, 90], [1, 10], [7, 70]])


@pytest.mark.parametrize(
    "polygon",
    [
        pytest.param(shapely.box(1, 1, 2, 2), id="only no-data pixels"),
        pytest.param(shapely.box(10, 10, 11, 11), id="outside the window"),
    ],
)
def test_a_cell_without_known_pixels_is_nan_not_zero(polygon):
    moments = moments_of([polygon])

    assert moments.count.item() == 0
    assert np.isnan(moments.means).all()
    assert np.isnan(moments.standard_deviations).all()


def test_a_vertex_a_hair_from_a_pixel_corner_does_not_crash_the_process():
    # found by hypothesis: exactextract 0.3.0 dies of a segmentation fault on this triangle
    triangle = shapely.Polygon([(1e-45, 2.889286565374609), (5.063419741897014, 2.838890202933878), (-1e-105, 9e-154)])

    moments = moments_of([triangle], layers=(np.ones((4, 5), np.float32),), bounds=Bounds(0.0, 0.0, 5.0, 4.0))

    assert moments.count.item() == pytest.approx(triangle.intersection(shapely.box(0, 0, 5, 4)).area, abs=1e-2)


def test_no_cells_give_no_rows():
    assert moments_of([]).count.shape == (0, 1)


@given(
    values=st.lists(st.one_of(st.floats(-1e3, 1e3, width=32), st.just(np.nan)), min_size=20, max_size=20),
    corners=st.tuples(*[st.floats(-1, 6)] * 6),
)
def test_equals_plain_weighted_moments_of_clipped_pixels(values, corners):
    polygon = shapely.Polygon([corners[:2], corners[2:4], corners[4:]])
    rounded = shapely.Polygon(shapely.get_coordinates(polygon).round(3))  # to 1 mm, as cell_moments does
    assume(rounded.area > 1e-3)
    bounds = Bounds(0.0, 0.0, 5.0, 4.0)
    raster = np.array(values, dtype=np.float32).reshape(4, 5)
    weights = np.where(np.isnan(raster), 0.0, weights_by_clipping(rounded, bounds))

    moments = moments_of([polygon], layers=(raster,), bounds=bounds)

    # exactextract keeps covered fractions in float32
    assert moments.count.item() == pytest.approx(weights.sum(), abs=1e-5)
    if weights.sum() > 1e-2:
        known = np.nan_to_num(raster.astype(np.float64))
        mean = np.average(known, weights=weights)
        variance = np.average((known - mean) ** 2, weights=weights)
        assert moments.means.item() == pytest.approx(mean, abs=0.1)
        assert moments.standard_deviations.item() == pytest.approx(np.sqrt(variance), abs=0.5)


@given(
    values=st.lists(st.one_of(st.floats(-1e3, 1e3, width=32), st.just(np.nan)), min_size=24, max_size=24),
    cut=st.integers(1, 5),
)
def test_moments_of_two_halves_merge_to_the_whole(values, cut):
    raster = np.array(values, dtype=np.float32).reshape(4, 6)
    polygons = np.array([shapely.box(0.3, 0.2, 5.5, 3.7), shapely.box(2.5, 0, 3.5, 4)], dtype=object)
    whole = cell_moments([raster], Bounds(0.0, 0.0, 6.0, 4.0), polygons)

    left = cell_moments([np.ascontiguousarray(raster[:, :cut])], Bounds(0.0, 0.0, cut, 4.0), polygons)
    right = cell_moments([np.ascontiguousarray(raster[:, cut:])], Bounds(cut, 0.0, 6.0, 4.0), polygons)
    merged = left.merged(right)

    np.testing.assert_allclose(merged.count, whole.count, atol=1e-5)
    np.testing.assert_allclose(merged.means, whole.means, atol=1e-3, rtol=1e-5)
    np.testing.assert_allclose(merged.standard_deviations, whole.standard_deviations, atol=0.05, rtol=1e-4)


def test_empty_is_the_neutral_element():
    moments = moments_of([shapely.box(0, 0, 3, 3)])

    merged = Moments.empty(1, 1).merged(moments)

    np.testing.assert_array_equal(merged.means, moments.means)
    np.testing.assert_array_equal(merged.standard_deviations, moments.standard_deviations)


def test_add_changes_the_named_rows_only():
    total, part = Moments.empty(3, 1), moments_of([shapely.box(0, 2, 3, 3)])

    total.add(np.array([1]), part)

    np.testing.assert_array_equal(total.means.ravel(), [np.nan, 2.0, np.nan])


def test_a_large_mean_does_not_eat_the_spread():
    heights = (8000 + np.array([[0.0, 1.0], [2.0, 3.0]])).astype(np.float32)

    moments = moments_of([shapely.box(0, 0, 2, 2)], layers=(heights,), bounds=Bounds(0.0, 0.0, 2.0, 2.0))

    assert moments.standard_deviations.item() == pytest.approx(np.std([0, 1, 2, 3]))
