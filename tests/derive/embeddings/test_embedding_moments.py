import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.transform import from_origin

from entropice.derive.embeddings.features import embedding_features, embedding_names
from entropice.derive.embeddings.moments import VectorMoments, code_values, composite_years, histogram_moments
from entropice.errors import FeatureError
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.histograms import cell_histograms

SHAPE = (3, 4)
CELLS = [shapely.box(0.25, 0.5, 2.5, 3.0), shapely.box(2.5, 0, 4, 3), shapely.box(9, 9, 10, 10)]

codes = arrays(np.int8, (64, *SHAPE), elements=st.integers(-127, 127))
masks = arrays(np.bool_, SHAPE)


def moments_of(codes, columns=slice(0, 4)):
    part = codes[:, :, columns]
    transform = from_origin(columns.start, 3, 1, 1)
    coverage = cell_coverage(np.array(CELLS, dtype=object), transform, part.shape[1:])
    return histogram_moments([cell_histograms(coverage, np.ascontiguousarray(band), nodata=-128) for band in part])


def masked(codes, mask):
    return np.where(mask, np.int8(-128), codes)


def assert_close(found, expected):
    np.testing.assert_allclose(found.count, expected.count, atol=1e-12)
    np.testing.assert_allclose(found.means, expected.means, atol=1e-12)
    np.testing.assert_allclose(found.standard_deviations, expected.standard_deviations, atol=1e-7)


@pytest.mark.parametrize(
    ("code", "value"),
    [(-127, -((127 / 127.5) ** 2)), (-51, -0.16), (0, 0.0), (51, 0.16), (102, 0.64), (127, (127 / 127.5) ** 2)],
)
def test_values_of_codes_worked_by_hand(code, value):
    assert code_values()[code + 128] == pytest.approx(value, rel=1e-15)


def test_the_mask_has_no_value_and_values_ascend():
    values = code_values()

    assert np.isnan(values[0])
    assert (np.diff(values[1:]) > 0).all()
    np.testing.assert_array_equal(values[1:], -values[:0:-1])


def test_statistics_worked_by_hand():
    """A cell over one pixel of 51 (0.16) and half of one of 102 (0.64) in the first dimension, zero in the others."""
    raster = np.zeros((64, 1, 4), np.int8)
    raster[0] = [51, 102, -128, -128]
    raster[1:, 0, 2:] = -128
    coverage = cell_coverage(np.array([shapely.box(0, 0, 1.5, 1)]), from_origin(0, 1, 1, 1), (1, 4))

    found = histogram_moments([cell_histograms(coverage, band, nodata=-128) for band in raster])

    assert found.count == pytest.approx([1.5])
    assert found.means[0, 0] == pytest.approx(0.32)
    assert found.standard_deviations[0, 0] == pytest.approx(np.sqrt((0.16**2 * 1 + 0.32**2 * 0.5) / 1.5))
    assert found.norms == pytest.approx([0.32])
    assert (found.means[0, 1:] == 0).all()


@given(codes=codes, mask=masks)
def test_statistics_are_those_of_the_values_weighted_by_coverage(codes, mask):
    found = moments_of(masked(codes, mask))

    values = code_values()[codes.astype(int) + 128]
    columns, rows = np.meshgrid(range(4), range(3))
    pixels = shapely.box(columns, 2 - rows, columns + 1, 3 - rows)
    for cell, polygon in enumerate(CELLS[:2]):
        weight = np.where(mask, 0.0, shapely.area(shapely.intersection(pixels, polygon)))
        if weight.sum() > 0:
            mean = (values * weight).sum(axis=(1, 2)) / weight.sum()
            variance = ((values - mean[:, None, None]) ** 2 * weight).sum(axis=(1, 2)) / weight.sum()
            np.testing.assert_allclose(found.means[cell], mean, atol=1e-12)
            np.testing.assert_allclose(found.standard_deviations[cell], np.sqrt(variance), atol=1e-7)
        else:
            assert np.isnan(found.means[cell]).all()


@given(codes=codes, mask=masks, cut=st.integers(1, 3))
def test_two_parts_add_up_to_the_whole_in_any_order(codes, mask, cut):
    raster = masked(codes, mask)
    left, right = moments_of(raster, slice(0, cut)), moments_of(raster, slice(cut, 4))

    for first, second in [(left, right), (right, left)]:
        total = VectorMoments.empty(3)
        total.add(np.arange(3), first)
        total.add(np.arange(3), second)
        assert_close(total, moments_of(raster))


def test_adding_touches_the_named_rows_only():
    part = moments_of(np.full((64, *SHAPE), 100, np.int8))
    total = VectorMoments.empty(5)

    total.add(np.array([4, 1, 3]), part)

    np.testing.assert_array_equal(total.count[[4, 1, 3]], part.count)
    assert np.isnan(total.means[[0, 2]]).all()
    assert np.isnan(total.norms[[0, 2]]).all()


@given(code=st.integers(-127, 127), mask=masks)
def test_equal_pixels_have_no_spread(code, mask):
    found = moments_of(masked(np.full((64, *SHAPE), code, np.int8), mask))

    seen = found.count > 0
    np.testing.assert_allclose(found.means[seen], code_values()[code + 128], rtol=1e-14)
    np.testing.assert_allclose(found.standard_deviations[seen], 0, atol=1e-15)


@given(years=st.lists(st.integers(1990, 2100), min_size=1, unique=True), lag=st.integers(0, 10))
def test_no_composite_is_later_than_its_label_year(years, lag):
    composites = composite_years(years, lag)

    assert list(composites) == years
    assert all(composite <= year for year, composite in composites.items())
    assert all(year - composite == lag for year, composite in composites.items())


def test_a_composite_of_the_future_is_refused():
    with pytest.raises(FeatureError, match="future"):
        composite_years([2021], -1)


@pytest.mark.parametrize(("lag", "years"), [(0, "y"), (2, "y-2")])
def test_features_by_cell_and_year_say_what_they_are(lag, years):
    by_year = [moments_of(np.full((64, *SHAPE), code, np.int8)) for code in (51, 102)]

    cell_px = shapely.area(CELLS)

    features = {feature.name: feature for feature in embedding_features(by_year, cell_px, lag)}
    assert list(features) == embedding_names()

    assert len(features) == 129
    assert {"embedding_00_mean", "embedding_63_mean", "embedding_00_sd", "embedding_63_sd"} < set(features)
    assert all(feature.cell_values.shape == (3, 2) for feature in features.values())
    assert all(all(feature.description.values()) for feature in features.values())
    assert {feature.units for feature in features.values()} == {"1"}
    assert {feature.years for feature in features.values()} == {years}
    np.testing.assert_allclose(features["embedding_07_mean"].cell_values, [[0.16, 0.64]] * 2 + [[np.nan] * 2])
    np.testing.assert_allclose(features["embedding_norm"].cell_values[0], [0.16 * 8, 0.64 * 8])
    for feature in features.values():
        np.testing.assert_allclose(feature.known_fraction, [[1, 1], [1, 1], [0, 0]])
