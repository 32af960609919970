import numpy as np
import pytest
from band_images import image_of, random_image
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.normalisation import constant_bands, missing_bands, normalised, standardised
from entropice.imagery.statistics import BandStatistics, image_statistics


def test_hand_worked_values() -> None:
    statistics = BandStatistics(("red",), 1, np.array([4]), np.array([0.2]), np.array([0.1]))
    image = image_of([[[0.1, 0.2], [0.4, 0.7]]], ("red",), [[[True, True], [True, False]]])

    standardised = normalised(image, statistics)

    assert standardised.dtype == np.float32
    np.testing.assert_allclose(standardised, [[[-1, 0], [2, np.nan]]], atol=1e-6)


@given(seed=st.integers(0, 1000), n_leading=st.integers(0, 2))
def test_an_image_standardised_by_itself_has_mean_0_and_standard_deviation_1(seed: int, n_leading: int) -> None:
    image = random_image(seed, leading=(2,) * n_leading)

    again = image_statistics(image_of(normalised(image, image_statistics(image)), image.bands, image.valid))

    np.testing.assert_allclose(again.mean, 0, atol=1e-6)
    np.testing.assert_allclose(again.std, 1, atol=1e-6)


def test_what_lies_in_pixels_that_are_not_valid_changes_nothing() -> None:
    image = random_image(0)
    filled = type(image)(image.bands, np.where(image.valid, image.values, np.float32(np.nan)), image.valid)
    statistics = image_statistics(image)

    assert np.array_equal(normalised(filled, statistics), normalised(image, statistics), equal_nan=True)
    assert constant_bands(filled) == missing_bands(filled) == ()


def test_bands_that_are_missing_constant_or_others_are_refused() -> None:
    image = random_image(0, bands=("red", "nir"))
    statistics = image_statistics(image)
    valid = image.valid & np.array([True, False])[:, None, None]

    with pytest.raises(SchemaError, match=r"missing in the whole image(.|\n)*nir"):
        normalised(image_of(image.values, image.bands, valid), statistics)
    with pytest.raises(SchemaError, match=r"one value(.|\n)*red"):
        normalised(image_of(np.stack([0 * image.values[0] + 0.3, image.values[1]]), image.bands), statistics)
    for function in (normalised, standardised):
        with pytest.raises(SchemaError, match="other bands"):
            function(random_image(0, bands=("nir", "red")), statistics)


def test_an_image_from_which_an_augmentation_moved_a_band_is_standardised() -> None:
    image = random_image(0, bands=("red", "nir"))
    without = image_of(image.values, image.bands, image.valid & np.array([True, False])[:, None, None])
    statistics = image_statistics(image)

    values = standardised(without, statistics)

    assert np.array_equal(values[0], normalised(image, statistics)[0], equal_nan=True)
    assert np.isnan(values[1]).all()
    with pytest.raises(SchemaError, match="missing in the whole image"):
        normalised(without, statistics)
