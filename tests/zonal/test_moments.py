import geopandas as gpd
import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.transform import Affine, from_origin

from entropice.errors import SchemaError
from entropice.zonal.coverage import Coverage, cell_coverage
from entropice.zonal.moments import Moments, add_strip, cell_moments

RASTER = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.0], [7.0, 8.0, 9.0]], dtype=np.float32)
SHAPE = (4, 6)
UNIT = from_origin(0.0, 4.0, 1.0, 1.0)

values = st.one_of(st.floats(-1e3, 1e3, width=32), st.just(np.nan))
rasters = st.one_of(arrays(dtype, SHAPE, elements=values) for dtype in (np.float32, np.float64))
# exactextract 0.3.0 crashes on vertices a hair from a pixel's edge
thousandth = st.integers(-1_000, 7_000).map(lambda thousandths: thousandths / 1000)
triangles = st.lists(st.tuples(thousandth, thousandth), min_size=3, max_size=3).map(shapely.Polygon)


def coverage_of(polygons, transform=UNIT, shape=SHAPE) -> Coverage:
    return cell_coverage(np.array(polygons, dtype=object), transform, shape)


def moments_of(polygons, band=RASTER, transform=None, nodata=None) -> Moments:
    transform = from_origin(0.0, band.shape[0], 1.0, 1.0) if transform is None else transform
    return cell_moments(coverage_of(polygons, transform, band.shape), band, nodata)


def assert_equal_moments(found: Moments, expected: Moments) -> None:
    np.testing.assert_allclose(found.count, expected.count, atol=1e-9)
    np.testing.assert_allclose(found.means, expected.means, atol=1e-6, rtol=1e-9)
    np.testing.assert_allclose(found.standard_deviations, expected.standard_deviations, atol=1e-4, rtol=1e-9)
    np.testing.assert_array_equal(found.minimum, expected.minimum)
    np.testing.assert_array_equal(found.maximum, expected.maximum)


def test_hand_worked_quarter_pixels_weigh_a_quarter():
    # The unit square around the corner shared by 2, 3, NaN and 6: each of the three known pixels weighs 1/4.
    moments = moments_of([shapely.box(1.5, 1.5, 2.5, 2.5)])

    assert moments.count.item() == 0.75
    assert moments.means.item() == pytest.approx((2 + 3 + 6) / 3)
    assert moments.standard_deviations.item() == pytest.approx(np.std([2, 3, 6]))
    assert (moments.minima.item(), moments.maxima.item()) == (2.0, 6.0)


def test_hand_worked_whole_and_border_pixels_share_one_mean():
    # 1.5 columns of the top and the bottom row: 1, 7 weigh 1 and 2, 8 weigh 1/2
    moments = moments_of([shapely.MultiPolygon([shapely.box(0, 2, 1.5, 3), shapely.box(0, 0, 1.5, 1)])])

    assert moments.count.item() == 3.0
    assert moments.means.item() == pytest.approx((1 + 7 + (2 + 8) / 2) / 3)
    assert moments.standard_deviations.item() == pytest.approx(
        np.sqrt(np.average(np.square(np.array([1, 7, 2, 8]) - 13 / 3), weights=[1, 1, 0.5, 0.5]))
    )


def test_the_first_row_is_where_the_transform_puts_it():
    top_of_the_map = [shapely.box(0, 2, 3, 3)]

    assert moments_of(top_of_the_map).means.item() == 2.0
    assert moments_of(top_of_the_map, transform=Affine(1, 0, 0, 0, 1, 0)).means.item() == 8.0


def test_cells_keep_their_places():
    cells = [shapely.box(2, 0, 3, 1), shapely.Polygon(), shapely.box(0, 2, 1, 3), shapely.box(0, 0, 1, 1)]

    np.testing.assert_array_equal(moments_of(cells).means, [9, np.nan, 1, 7])


@pytest.mark.parametrize(
    "polygon",
    [
        pytest.param(shapely.box(1, 1, 2, 2), id="only unknown pixels"),
        pytest.param(shapely.box(1.2, 1.2, 1.8, 1.8), id="part of an unknown pixel"),
        pytest.param(shapely.box(10, 10, 11, 11), id="outside the tile"),
    ],
)
def test_a_cell_without_known_pixels_is_nan_not_zero(polygon):
    moments = moments_of([polygon])

    assert moments.count.item() == 0
    for statistic in (moments.means, moments.standard_deviations, moments.minima, moments.maxima):
        assert np.isnan(statistic).all()


@pytest.mark.parametrize("nodata", [-9999.0, -np.inf, -3.4028234663852886e38])
def test_the_nodata_value_has_no_weight(nodata):
    marked = np.where(np.isnan(RASTER), np.float32(nodata), RASTER)

    assert_equal_moments(
        moments_of([shapely.box(0.5, 0, 3, 2.5)], marked, nodata=nodata), moments_of([shapely.box(0.5, 0, 3, 2.5)])
    )


def test_the_range_of_negative_and_positive_values_is_ordered():
    band = np.array([[-2.0, -1e-30, 0.0, 1e-30, 3.0, -7.5]], dtype=np.float32)

    whole, partial = moments_of([shapely.box(0, 0, 6, 1), shapely.box(0.5, 0, 5.5, 0.5)], band).arrays[3:]

    np.testing.assert_array_equal(whole, [-7.5, -7.5])
    np.testing.assert_array_equal(partial, [3.0, 3.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_large_mean_does_not_eat_the_spread(dtype):
    heights = (8000 + np.array([[0.0, 1.0], [2.0, 3.0]])).astype(dtype)

    moments = moments_of([shapely.box(0, 0, 2, 2)], heights)

    assert moments.standard_deviations.item() == pytest.approx(np.std([0, 1, 2, 3]), rel=1e-12)


def test_equal_values_have_no_spread():
    assert moments_of([shapely.box(0.1, 0.2, 2.9, 2.8)], np.full((3, 3), 0.1)).standard_deviations.item() < 1e-12


@given(band=rasters, polygon=triangles)
def test_equals_plain_weighted_moments_of_clipped_pixels(band, polygon):
    assume(polygon.area > 0)
    rows, columns = np.indices(SHAPE)
    pixels = shapely.box(columns, 3 - rows, columns + 1, 4 - rows)
    weights = np.where(np.isnan(band), 0.0, shapely.area(shapely.intersection(polygon, pixels)))

    moments = moments_of([polygon], band)

    assert moments.count.item() == pytest.approx(weights.sum(), abs=1e-8)
    if weights.sum() > 1e-4:
        known = np.nan_to_num(band.astype(np.float64))
        mean = np.average(known, weights=weights)
        sd = np.sqrt(np.average((known - mean) ** 2, weights=weights))
        assert moments.means.item() == pytest.approx(mean, abs=1e-3)
        assert moments.standard_deviations.item() == pytest.approx(sd, abs=1e-2)


@given(band=rasters, polygon=triangles)
def test_equals_exactextract(band, polygon):
    assume(polygon.area > 1e-3)
    frame = gpd.GeoDataFrame(geometry=[polygon], crs="EPSG:3413")
    operations = ["count", "mean", "stdev", "min", "max"]
    source = NumPyRasterSource(band, 0, 0, 6, 4)
    expected = exact_extract(source, frame, operations, output="pandas").astype(float).iloc[0]

    moments = moments_of([polygon], band)

    # exactextract keeps weights in float32
    assert moments.count.item() == pytest.approx(expected["count"], abs=1e-5)
    if expected["count"] > 1e-2:
        assert moments.means.item() == pytest.approx(expected["mean"], abs=0.01)
        assert moments.standard_deviations.item() == pytest.approx(expected["stdev"], abs=0.05)
        assert moments.minima.item() == expected["min"]
        assert moments.maxima.item() == expected["max"]


@given(band=rasters, polygon=triangles, cut=st.integers(1, 3))
def test_strips_add_up_to_the_whole_band(band, polygon, cut):
    coverage = coverage_of([polygon, shapely.box(0.5, 0.5, 5.5, 3.5)])
    total = Moments.empty(2)

    add_strip(total, coverage, band[cut:], cut)
    add_strip(total, coverage, band[:cut], 0)

    assert_equal_moments(total, cell_moments(coverage, band))


@given(band=rasters, cut=st.integers(1, 5))
def test_moments_of_two_tiles_merge_to_the_whole(band, cut):
    polygons = [shapely.box(0.3, 0.2, 5.5, 3.7), shapely.box(2.5, 0, 3.5, 4), shapely.box(0, 0, 0.5, 4)]
    left, right = (
        cell_moments(coverage_of(polygons, UNIT * Affine.translation(start, 0), (4, stop - start)), band[:, start:stop])
        for start, stop in [(0, cut), (cut, 6)]
    )

    assert_equal_moments(left.merged(right), cell_moments(coverage_of(polygons), band))


def test_empty_is_the_neutral_element():
    moments = moments_of([shapely.box(0, 0, 3, 3), shapely.box(9, 9, 10, 10)])

    for merged in (Moments.empty(2).merged(moments), moments.merged(Moments.empty(2))):
        for found, expected in zip(merged.arrays, moments.arrays, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_add_changes_the_named_rows_only():
    total, part = Moments.empty(3), moments_of([shapely.box(0, 2, 3, 3)])

    total.add(np.array([1]), part)

    np.testing.assert_array_equal(total.means, [np.nan, 2.0, np.nan])
    np.testing.assert_array_equal(total.minima, [np.nan, 1.0, np.nan])


def test_a_view_of_every_other_pixel_counts_like_its_copy():
    interleaved = np.arange(72.0).reshape(4, 6, 3)

    assert_equal_moments(
        moments_of([shapely.box(0.5, 0, 5, 3.5)], interleaved[..., 1]),
        moments_of([shapely.box(0.5, 0, 5, 3.5)], interleaved[..., 1].copy()),
    )


@pytest.mark.parametrize("dtype", [np.int16, np.int8, np.float16, ">f4"])
def test_other_numbers_are_refused(dtype):
    with pytest.raises(SchemaError, match="float32 or float64"):
        moments_of([shapely.box(0, 0, 1, 1)], np.zeros((3, 3), dtype))


def test_a_band_of_another_shape_than_the_weights_is_refused():
    with pytest.raises(SchemaError, match=r"got: \(3, 3\)\n  expected: \(4, 6\)"):
        cell_moments(coverage_of([shapely.box(0, 0, 1, 1)]), RASTER)


@pytest.mark.parametrize(("first_row", "shape"), [(3, (2, 6)), (-1, (2, 6)), (0, (2, 5)), (0, (6,))])
def test_a_strip_that_is_not_rows_of_the_tile_is_refused(first_row, shape):
    with pytest.raises(SchemaError, match="does not consist of rows"):
        add_strip(Moments.empty(1), coverage_of([shapely.box(0, 0, 1, 1)]), np.zeros(shape), first_row)
