import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.transform import Affine, from_origin

from entropice.errors import SchemaError
from entropice.zonal.coverage import Coverage, cell_coverage
from entropice.zonal.histograms import Histograms, add_strip, cell_histograms
from entropice.zonal.moments import cell_moments
from entropice.zonal.quantiles import cell_quantiles

SHAPE = (4, 12)
UNIT = from_origin(0.0, 4.0, 1.0, 1.0)
CELLS = [shapely.box(0.3, 0.2, 11.5, 3.7), shapely.Polygon([(0, 0), (12, 0), (3, 4)]), shapely.box(20, 20, 21, 21)]
PROBABILITIES = [0.0, 0.1, 0.5, 0.9, 1.0]

bands = st.one_of(arrays(np.int8, SHAPE), arrays(np.uint8, SHAPE), arrays(np.int8, SHAPE, elements=st.integers(-2, 2)))


def coverage_of(polygons, transform=UNIT, shape=SHAPE) -> Coverage:
    return cell_coverage(np.array(polygons, dtype=object), transform, shape)


def test_hand_worked_histogram():
    # −128 whole, 5 whole, 5 half, 127 half
    band = np.array([[-128, 5, 5], [0, 0, 127]], dtype=np.int8)
    cell = shapely.MultiPolygon([shapely.box(0, 1, 2.5, 2), shapely.box(2, 0.5, 3, 1)])

    histograms = cell_histograms(coverage_of([cell], from_origin(0, 2, 1, 1), (2, 3)), band)

    expected = np.zeros(256)
    expected[[0, 133, 255]] = [1.0, 1.5, 0.5]
    np.testing.assert_array_equal(histograms.weights, [expected])
    assert histograms.lowest == -128


@given(band=bands)
def test_statistics_equal_those_of_the_same_band_in_floats(band):
    coverage = coverage_of(CELLS)
    histograms, floats = cell_histograms(coverage, band), band.astype(np.float64)

    found, expected = histograms.moments(), cell_moments(coverage, floats)

    np.testing.assert_allclose(found.count, expected.count, rtol=1e-12)
    np.testing.assert_allclose(found.means, expected.means, atol=1e-10)
    np.testing.assert_allclose(found.standard_deviations, expected.standard_deviations, atol=1e-6)
    np.testing.assert_array_equal(found.minima, expected.minima)
    np.testing.assert_array_equal(found.maxima, expected.maxima)
    np.testing.assert_allclose(
        histograms.quantiles(PROBABILITIES), cell_quantiles(coverage, floats, PROBABILITIES), atol=1e-9
    )


@given(band=arrays(np.int8, SHAPE, elements=st.sampled_from([-128, -127, 3, 127])))
def test_the_nodata_value_has_no_weight(band):
    coverage = coverage_of(CELLS)

    found = cell_histograms(coverage, band, nodata=-128).moments()
    expected = cell_moments(coverage, np.where(band == -128, np.nan, band.astype(np.float64)))

    np.testing.assert_allclose(found.count, expected.count, rtol=1e-12)
    np.testing.assert_allclose(found.means, expected.means, atol=1e-10)
    np.testing.assert_array_equal(found.minima, expected.minima)


@given(band=bands, cut=st.integers(1, 11))
def test_histograms_of_two_tiles_merge_to_the_whole(band, cut):
    left, right = (
        cell_histograms(coverage_of(CELLS, UNIT * Affine.translation(start, 0), (4, stop - start)), band[:, start:stop])
        for start, stop in [(0, cut), (cut, 12)]
    )

    merged, whole = left.merged(right), cell_histograms(coverage_of(CELLS), band)

    np.testing.assert_allclose(merged.weights, whole.weights, atol=1e-9)
    assert merged.lowest == whole.lowest


@given(band=bands, cut=st.integers(1, 3))
def test_strips_add_up_to_the_whole_band(band, cut):
    coverage = coverage_of(CELLS)
    total = Histograms.empty(len(CELLS), band.dtype)

    add_strip(total, coverage, band[cut:], cut)
    add_strip(total, coverage, band[:cut], 0)

    np.testing.assert_allclose(total.weights, cell_histograms(coverage, band).weights, atol=1e-12)


def test_add_changes_the_named_rows_only():
    band = np.full(SHAPE, 7, np.uint8)
    total = Histograms.empty(3, band.dtype)

    total.add(np.array([1]), cell_histograms(coverage_of([shapely.box(0, 0, 2, 1)]), band))

    assert total.weights.sum() == total.weights[1, 7] == 2.0


def test_weights_add_up_to_the_covered_pixels():
    band = np.random.default_rng(0).integers(0, 256, SHAPE).astype(np.uint8)

    weights = cell_histograms(coverage_of(CELLS), band).weights

    np.testing.assert_allclose(weights.sum(axis=1), shapely.area(CELLS) * [1, 1, 0])


def test_other_numbers_are_refused():
    with pytest.raises(SchemaError, match="int8 or uint8"):
        cell_histograms(coverage_of(CELLS), np.zeros(SHAPE, np.int16))


@pytest.mark.parametrize("nodata", [-129, 128, 0.5, float("nan")])
def test_a_nodata_value_no_byte_can_have_is_refused(nodata):
    with pytest.raises(SchemaError, match="integer from -128 to 127"):
        cell_histograms(coverage_of(CELLS), np.zeros(SHAPE, np.int8), nodata)


def test_a_band_of_another_shape_than_the_weights_is_refused():
    with pytest.raises(SchemaError, match="shape"):
        cell_histograms(coverage_of(CELLS), np.zeros((4, 11), np.int8))
