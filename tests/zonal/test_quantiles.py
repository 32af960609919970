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
from entropice.zonal.quantiles import cell_pixels, cell_quantiles

SHAPE = (4, 6)
UNIT = from_origin(0.0, 4.0, 1.0, 1.0)
PROBABILITIES = [0.0, 0.05, 0.25, 0.5, 0.77, 1.0]

few_values = st.sampled_from([-3.5, 0.0, -0.0, 1.0, 7.25, np.nan])
any_value = st.one_of(st.floats(-1e3, 1e3, width=32), st.just(np.nan))
rasters = st.one_of(arrays(np.float32, SHAPE, elements=elements) for elements in (few_values, any_value))
thousandth = st.integers(-1_000, 7_000).map(lambda thousandths: thousandths / 1000)
triangles = st.lists(st.tuples(thousandth, thousandth), min_size=3, max_size=3).map(shapely.Polygon)


def coverage_of(polygons, transform=UNIT, shape=SHAPE) -> Coverage:
    return cell_coverage(np.array(polygons, dtype=object), transform, shape)


def quantiles_of_row(values, probabilities, width=None) -> list[float]:
    """Of pixels side by side, the last one cut so that the cell has this width."""
    band = np.array([values], dtype=np.float64)
    cell = shapely.box(0, 0, len(values) if width is None else width, 1)
    coverage = coverage_of([cell], from_origin(0, 1, 1, 1), band.shape)
    return cell_quantiles(coverage, band, probabilities)[0].tolist()


def test_hand_worked_weights_shift_the_quantiles():
    # values 10, 20, 40 of weights 1, 1, 1/2: W = 5/2, s = 0, 1·1 + 2·1 = 3, 2·½ + 2·2 = 5, so 20 stands at 3/5
    assert quantiles_of_row([10, 20, 40], [0, 0.3, 0.6, 0.8, 1], width=2.5) == pytest.approx([10, 15, 20, 30, 40])


def test_hand_worked_repeated_values_count_once_with_their_whole_weight():
    # values 10 (weight 3) and 20 (weight 1): m = 2, s = 0, 1·1 + 1·3 = 4, linear from 0 to 1
    assert quantiles_of_row([10, 10, 20, 10], [0, 0.5, 1]) == pytest.approx([10, 15, 20])


def test_distinct_values_of_equal_weight_have_the_quantiles_of_numpy():
    values = np.random.default_rng(0).normal(size=101)

    assert quantiles_of_row(values, PROBABILITIES) == pytest.approx(np.quantile(values, PROBABILITIES))


def test_one_value_is_every_quantile():
    assert quantiles_of_row([5.0], PROBABILITIES, width=0.3) == [5.0] * len(PROBABILITIES)


def test_a_cell_without_known_pixels_has_no_quantiles():
    coverage = coverage_of([shapely.box(9, 9, 10, 10), shapely.box(0, 0, 2, 2)])

    assert np.isnan(cell_quantiles(coverage, np.full(SHAPE, np.nan), [0.5])).all()


def test_no_cells_and_no_probabilities_give_an_empty_table():
    assert cell_quantiles(coverage_of([]), np.zeros(SHAPE), [0.5]).shape == (0, 1)
    assert cell_quantiles(coverage_of([shapely.box(0, 0, 1, 1)]), np.zeros(SHAPE), []).shape == (1, 0)


@given(band=rasters, polygon=triangles)
def test_equals_exactextract(band, polygon):
    assume(polygon.area > 1e-3)
    frame = gpd.GeoDataFrame(geometry=[polygon], crs="EPSG:3413")
    operations = ["count", *(f"quantile(q={probability})" for probability in PROBABILITIES)]
    expected = exact_extract(NumPyRasterSource(band, 0, 0, 6, 4), frame, operations, output="pandas").iloc[0]
    assume(expected["count"] > 1e-2)

    found = cell_quantiles(coverage_of([polygon]), band, PROBABILITIES)[0]

    # exactextract keeps weights and quantiles in float32
    np.testing.assert_allclose(found, expected.to_numpy(dtype=float)[1:], atol=1e-2, rtol=1e-5)


@given(band=rasters, polygon=triangles)
def test_quantiles_rise_from_the_lowest_to_the_highest_value(band, polygon):
    quantiles = cell_quantiles(coverage_of([polygon]), band, PROBABILITIES)[0]
    pixels = cell_pixels(coverage_of([polygon]), 0, band)
    known = np.concatenate([pixels.whole, pixels.partial])

    if len(known):
        assert (np.diff(quantiles) >= -1e-9).all()
        assert (quantiles[0], quantiles[-1]) == pytest.approx((known.min(), known.max()))


@given(band=rasters, cut=st.integers(1, 5))
def test_pixels_of_two_tiles_have_the_quantiles_of_the_whole(band, cut):
    cell = [shapely.box(0.3, 0.2, 5.5, 3.7)]
    left, right = (
        cell_pixels(coverage_of(cell, UNIT * Affine.translation(start, 0), (4, stop - start)), 0, band[:, start:stop])
        for start, stop in [(0, cut), (cut, 6)]
    )

    merged = left.merged(right).quantiles(np.array(PROBABILITIES))

    np.testing.assert_allclose(merged, cell_quantiles(coverage_of(cell), band, PROBABILITIES)[0], atol=1e-6)


def test_the_nodata_value_has_no_weight():
    band = np.array([[1.0, -9999.0, 3.0, 2.0, -9999.0, 9.0]] * 4, dtype=np.float32)
    known = np.where(band == -9999, np.nan, band)
    coverage = coverage_of([shapely.box(0.5, 0.5, 5.5, 4)])

    np.testing.assert_array_equal(
        cell_quantiles(coverage, band, PROBABILITIES, nodata=-9999.0), cell_quantiles(coverage, known, PROBABILITIES)
    )


@pytest.mark.parametrize("wrong", [-0.1, 1.5, 50, np.nan])
def test_a_probability_outside_zero_to_one_is_refused(wrong):
    with pytest.raises(SchemaError, match="probability from 0 to 1"):
        cell_quantiles(coverage_of([shapely.box(0, 0, 1, 1)]), np.zeros(SHAPE), [0.5, wrong])


def test_other_numbers_and_shapes_are_refused():
    with pytest.raises(SchemaError, match="float32 or float64"):
        cell_quantiles(coverage_of([shapely.box(0, 0, 1, 1)]), np.zeros(SHAPE, np.int8), [0.5])
    with pytest.raises(SchemaError, match="shape"):
        cell_quantiles(coverage_of([shapely.box(0, 0, 1, 1)]), np.zeros((3, 3)), [0.5])
